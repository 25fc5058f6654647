// @grpc/grpc-js against the daemon on 127.0.0.1:PORT, or as a server for its devices.
//   node grpcjs_peer.mjs client PORT
//   node grpcjs_peer.mjs server COUNT      prints "PORT n", breaks the first call, acknowledges COUNT chunks, then prints OK
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const options = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true, includeDirs: [join(root, 'protos')] };
const files = ['ingest', 'alarms', 'monitor'].map(name => `ecgstream/v1/${name}.proto`);
const ecg = grpc.loadPackageDefinition(loader.loadSync(files, options)).ecgstream.v1;
const health = grpc.loadPackageDefinition(loader.loadSync(healthProto, options)).grpc.health.v1;

const LEADS = ['LEAD_I', 'LEAD_II', 'LEAD_III', 'LEAD_AVR', 'LEAD_AVL', 'LEAD_AVF', 'LEAD_V1', 'LEAD_V2', 'LEAD_V3', 'LEAD_V4', 'LEAD_V5', 'LEAD_V6'];
function chunk(sequence, changes = {}) {
  return {
    device_id: 'grpc-js', session_id: '7', sequence: String(sequence), device_time_unix_ns: String(1772000000000000000n + BigInt(sequence) * 250000000n),
    sample_rate_hz: 500, leads: LEADS, samples_per_lead: 125, gain_microvolts_per_lsb: 1, baseline_lsb: 0, samples: Buffer.alloc(12 * 125 * 2),
    electrodes_off: 0, ...changes,
  };
}

function unary(client, method, request, meta = new grpc.Metadata(), callOptions = {}) {
  return new Promise(resolve => {
    const call = client[method](request, meta, callOptions, (error, answer) => resolve({ error, answer }));
    call.on('metadata', () => {});
  });
}

function ended(call) {
  return new Promise(resolve => {
    const seen = [];
    call.on('data', message => seen.push(message));
    call.on('error', () => {});
    call.on('status', status => resolve({ status, seen }));
  });
}

async function client(port) {
  const address = `127.0.0.1:${port}`;
  const secret = grpc.credentials.createInsecure();
  const probe = new health.Health(address, secret);
  for (const service of ['', 'ecgstream.v1.Ingest', 'ecgstream.v1.Results', 'ecgstream.v1.Alerts', 'ecgstream.v1.Monitor']) {
    const { answer, error } = await unary(probe, 'Check', { service });
    assert.equal(answer?.status, 'SERVING', `${service}: ${error}`);
  }
  assert.equal((await unary(probe, 'Check', { service: 'no.Such' })).error.code, grpc.status.NOT_FOUND);
  const watch = probe.Watch({ service: 'ecgstream.v1.Ingest' });
  assert.equal((await new Promise(resolve => watch.once('data', resolve))).status, 'SERVING');
  watch.on('error', () => {});
  watch.cancel();

  const ingest = new ecg.Ingest(address, secret);
  const meta = new grpc.Metadata();
  meta.set('site', 'ward');
  meta.set('proof-bin', Buffer.from([0, 255, 1]));
  const stream = ingest.StreamSamples(meta);
  const result = ended(stream);
  for (let i = 0; i < 200; i++) stream.write(chunk(i));
  stream.write(chunk(200, { samples_per_lead: 124 }));
  stream.end();
  const { status, seen } = await result;
  assert.equal(status.code, grpc.status.OK, status.details);
  const acks = seen.flatMap(batch => batch.acks);
  assert.equal(acks.length, 201);
  // Refusals need no commit, so they come before accepted chunks that wait for theirs.
  const accepted = acks.filter(ack => ack.status === 'ACK_STATUS_ACCEPTED').map(ack => ack.sequence);
  assert.deepEqual(accepted, Array.from({ length: 200 }, (_, i) => String(i)));
  assert.equal(acks.find(ack => ack.status === 'ACK_STATUS_REFUSED').refusal.reason, 'REFUSAL_REASON_SAMPLE_COUNT');
  const repeat = ingest.StreamSamples();
  const repeated = ended(repeat);
  repeat.write(chunk(5));
  repeat.end();
  assert.deepEqual((await repeated).seen.flatMap(batch => batch.acks).map(ack => [ack.sequence, ack.status]), [['5', 'ACK_STATUS_DUPLICATE']]);

  // A deadline ends a subscription, a cancellation a stream, both with the status that names them.
  const alerts = new ecg.Alerts(address, secret);
  const late = await ended(alerts.Subscribe({ live_only: true }, { deadline: Date.now() + 300 }));
  assert.equal(late.status.code, grpc.status.DEADLINE_EXCEEDED);
  const left = ingest.StreamSamples();
  const leftResult = ended(left);
  left.write(chunk(201));
  await new Promise(resolve => left.once('data', resolve));
  left.cancel();
  assert.equal((await leftResult).status.code, grpc.status.CANCELLED);

  const wrong = await ended(alerts.Subscribe({ after_cursor: '999999999' }));
  assert.equal(wrong.status.code, grpc.status.OUT_OF_RANGE);
  assert.match(wrong.status.details, /after_cursor/);
  const large = ingest.StreamSamples();
  const largeResult = ended(large);
  large.write(chunk(202, { samples: Buffer.alloc(1100000) }));
  const tooLarge = (await largeResult).status;
  assert.equal(tooLarge.code, grpc.status.RESOURCE_EXHAUSTED, tooLarge.details);

  const { answer: pipeline } = await unary(new ecg.Monitor(address, secret), 'GetPipeline', {});
  assert.equal(pipeline.journaled, '201');
  const gzipped = await unary(new ecg.Monitor(address, secret, { 'grpc.default_compression_algorithm': 2 }), 'GetPipeline', {});
  assert.equal(gzipped.answer?.journaled, '201', String(gzipped.error));
  console.log('OK');
  process.exit(0);
}

function server(count) {
  let calls = 0, taken = 0;
  const host = new grpc.Server();
  host.addService(ecg.Ingest.service, {
    StreamSamples(call) {
      const broken = ++calls === 1;
      let left = broken ? 20 : Infinity;
      call.on('data', got => {
        if (left-- === 0) {
          const trailers = new grpc.Metadata();
          trailers.set('grpc-retry-pushback-ms', '50');
          call.emit('error', { code: grpc.status.UNAVAILABLE, details: 'stopping; connect again', metadata: trailers });
          return;
        }
        if (left < 0) return;
        assert.equal(got.samples.length, got.leads.length * got.samples_per_lead * 2);
        taken++;
        call.write({ acks: [{ device_id: got.device_id, session_id: got.session_id, sequence: got.sequence, status: 'ACK_STATUS_ACCEPTED' }] });
      });
      call.on('end', () => {
        call.end();
        if (taken >= count) setTimeout(() => { console.log(`OK ${calls} calls`); process.exit(0); }, 200);
      });
      call.on('error', () => {});
    },
  });
  host.addService(health.Health.service, { Check: (call, done) => done(null, { status: 'SERVING' }), Watch: call => call.write({ status: 'SERVING' }) });
  host.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => console.log(error ? `FAILED ${error}` : `PORT ${port}`));
}

if (process.argv[2] === 'client') {
  client(process.argv[3]).catch(error => { console.error(error); process.exit(1); });
} else {
  server(Number(process.argv[3]));
}
