"""python3-grpcio against the daemon on 127.0.0.1:PORT, or as a server for its devices. Nothing is generated: the client learns every message
by server reflection, the server from a descriptor set.

    grpcio_peer.py client PORT
    grpcio_peer.py server COUNT DESCRIPTOR_SET     prints "PORT n", breaks the first call, acknowledges COUNT chunks, then prints OK
"""

import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

INGEST, ALERTS, MONITOR, HEALTH = "ecgstream.v1.Ingest", "ecgstream.v1.Alerts", "ecgstream.v1.Monitor", "grpc.health.v1.Health"
same = bytes


def fields(data):
    """(field number, value) of a message whose declaration is not known yet."""
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
    while at < len(data):
        tag = varint()
        if tag & 7 == 2:
            length = varint()
            yield tag >> 3, data[at:at + length]
            at += length
        else:
            assert tag & 7 == 0
            yield tag >> 3, varint()


class Types:
    def __init__(self, files):
        self.pool = descriptor_pool.DescriptorPool()
        self.files = {file.name: file for file in files}
        self.added = set()
        for name in self.files:
            self.add(name)
        self.factory = message_factory.MessageFactory(self.pool)

    def add(self, name):
        if name not in self.added:
            self.added.add(name)
            for dependency in self.files[name].dependency:
                self.add(dependency)
            self.pool.Add(self.files[name])

    def __getitem__(self, name):
        return self.factory.GetPrototype(self.pool.FindMessageTypeByName(name))

    def method(self, channel, service, name):
        method = self.pool.FindServiceByName(service).methods_by_name[name]
        declared = next(m for f in self.files.values() for s in f.service if f"{f.package}.{s.name}" == service for m in s.method if m.name == name)
        kind = ("stream" if declared.client_streaming else "unary") + "_" + ("stream" if declared.server_streaming else "unary")
        request, response = (self.factory.GetPrototype(t) for t in (method.input_type, method.output_type))
        return getattr(channel, kind)(f"/{service}/{name}", request.SerializeToString, response.FromString), request


def reflect(channel, version):
    ask = channel.stream_stream(f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", same, same)
    listed = dict(fields(next(iter(ask(iter([b"\x3a\x00"]))))))
    services = [dict(fields(service))[1].decode() for number, service in fields(listed[6]) if number == 1]
    questions = [b"\x22" + bytes([len(name)]) + name.encode() for name in services]
    files = {}
    for answer in ask(iter(questions)):
        for number, data in fields(dict(fields(answer))[4]):
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            files[file.name] = file
    missing = dict(fields(next(iter(ask(iter([b"\x22\x07no.Such"]))))))
    assert dict(fields(missing[7]))[1] == grpc.StatusCode.NOT_FOUND.value[0]
    return services, Types(files.values())


def fill(chunk, sequence, samples=125):
    chunk.device_id, chunk.session_id, chunk.sequence = "grpcio", 7, sequence
    chunk.device_time_unix_ns = 1772000000000000000 + sequence * 250000000
    chunk.sample_rate_hz, chunk.samples_per_lead, chunk.gain_microvolts_per_lsb, chunk.baseline_lsb = 500, samples, 1, 0
    chunk.leads.extend(range(1, 13))
    chunk.samples, chunk.electrodes_off = bytes(12 * 125 * 2), 0
    return chunk


def fails(call):
    try:
        for _ in call:
            pass
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call did not fail")


def client(port):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        services, types = reflect(channel, "v1")
        assert {INGEST, ALERTS, MONITOR, HEALTH, "ecgstream.v1.Results", "grpc.reflection.v1.ServerReflection"} <= set(services), services
        assert reflect(channel, "v1alpha")[0] == services
        check, ask = types.method(channel, HEALTH, "Check")
        for service in ("", INGEST, ALERTS, MONITOR):
            assert check(ask(service=service), timeout=10).status == 1, service
        watch, _ = types.method(channel, HEALTH, "Watch")
        watching = watch(ask(service=INGEST))
        assert next(watching).status == 1
        watching.cancel()

        stream, chunk = types.method(channel, INGEST, "StreamSamples")
        sent = [fill(chunk(), i) for i in range(200)] + [fill(chunk(), 200, samples=124), fill(chunk(), 5)]
        metadata = (("site", "ward"), ("proof-bin", b"\x00\xff\x01"))
        acks = [ack for batch in stream(iter(sent), metadata=metadata, timeout=60) for ack in batch.acks]
        assert [(a.sequence, a.status) for a in acks[:200]] == [(i, 1) for i in range(200)]
        assert [a.status for a in acks[200:]] == [3, 2] and acks[200].refusal.reason == 9 and "samples" in acks[200].refusal.message

        subscribe, request = types.method(channel, ALERTS, "Subscribe")
        assert fails(subscribe(request(live_only=True), timeout=0.3)).code() == grpc.StatusCode.DEADLINE_EXCEEDED
        wrong = fails(subscribe(request(live_only=True, after_cursor=5)))
        assert wrong.code() == grpc.StatusCode.INVALID_ARGUMENT and "after_cursor" in wrong.details(), wrong
        large = chunk(samples=bytes(1_100_000))
        assert fails(stream(iter([large]), timeout=10)).code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        pipeline, nothing = types.method(channel, MONITOR, "GetPipeline")
        assert pipeline(nothing(), compression=grpc.Compression.Gzip, timeout=10).journaled == 200
    print("OK")


def server(count, path):
    with open(path, "rb") as file:
        types = Types(descriptor_pb2.FileDescriptorSet.FromString(file.read()).file)
    chunk, batch = types["ecgstream.v1.SampleChunk"], types["ecgstream.v1.AckBatch"]
    state, done = {"calls": 0, "taken": 0}, threading.Event()

    def stream_samples(requests, context):
        state["calls"] += 1
        left = 20 if state["calls"] == 1 else 1 << 30
        for got in requests:
            if left == 0:
                context.set_trailing_metadata((("grpc-retry-pushback-ms", "50"),))
                context.abort(grpc.StatusCode.UNAVAILABLE, "stopping; connect again")
            left -= 1
            assert len(got.samples) == len(got.leads) * got.samples_per_lead * 2
            state["taken"] += 1
            answer = batch()
            answer.acks.add(device_id=got.device_id, session_id=got.session_id, sequence=got.sequence, status=1)
            yield answer
        if state["taken"] >= count:
            done.set()

    host = grpc.server(futures.ThreadPoolExecutor(4))
    handler = grpc.stream_stream_rpc_method_handler(stream_samples, chunk.FromString, batch.SerializeToString)
    host.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(INGEST, {"StreamSamples": handler}),))
    print("PORT", host.add_insecure_port("127.0.0.1:0"), flush=True)
    host.start()
    assert done.wait(60)
    host.stop(2).wait()
    print("OK", state["calls"], "calls", flush=True)


if sys.argv[1] == "client":
    client(sys.argv[2])
else:
    server(int(sys.argv[2]), sys.argv[3])
