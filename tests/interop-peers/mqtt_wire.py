"""A plain MQTT 3.1.1 and 5.0 client on a bare socket, for scenarios that no well-behaved library would walk.

Single-threaded: nothing is read, acknowledged or answered but inside wait().
"""

import select
import socket
import struct
import time

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = range(1, 16)

# Property identifier: (name, form); b byte, 2 and 4 bytes wide, v variable integer, s string, x binary, p pair of strings.
PROPERTIES = {
    0x01: ("payload_format", "b"), 0x02: ("message_expiry", "4"), 0x03: ("content_type", "s"), 0x08: ("response_topic", "s"),
    0x09: ("correlation_data", "x"), 0x0B: ("subscription_id", "v"), 0x11: ("session_expiry", "4"), 0x12: ("assigned_client_id", "s"),
    0x13: ("server_keep_alive", "2"), 0x15: ("auth_method", "s"), 0x16: ("auth_data", "x"), 0x17: ("request_problem_info", "b"),
    0x18: ("will_delay", "4"), 0x19: ("request_response_info", "b"), 0x1A: ("response_info", "s"), 0x1C: ("server_reference", "s"),
    0x1F: ("reason_string", "s"), 0x21: ("receive_maximum", "2"), 0x22: ("topic_alias_maximum", "2"), 0x23: ("topic_alias", "2"),
    0x24: ("maximum_qos", "b"), 0x25: ("retain_available", "b"), 0x26: ("user", "p"), 0x27: ("maximum_packet_size", "4"),
    0x28: ("wildcards_available", "b"), 0x29: ("subscription_ids_available", "b"), 0x2A: ("shared_available", "b"),
}
BY_NAME = {name: (identifier, form) for identifier, (name, form) in PROPERTIES.items()}
MANY = ("user", "subscription_id")


def binary(data):
    return struct.pack("!H", len(data)) + data


def text(value):
    return binary(value.encode() if isinstance(value, str) else value)


def varint(value):
    out = bytearray()
    while True:
        value, low = divmod(value, 128)
        out.append(low | (128 if value else 0))
        if not value:
            return bytes(out)


def pack_properties(properties):
    out = b""
    for name, value in (properties or {}).items():
        identifier, form = BY_NAME[name]
        for one in value if name in MANY else [value]:
            out += varint(identifier)
            out += {"b": lambda: bytes([one]), "2": lambda: struct.pack("!H", one), "4": lambda: struct.pack("!I", one), "v": lambda: varint(one),
                    "s": lambda: text(one), "x": lambda: binary(one), "p": lambda: text(one[0]) + text(one[1])}[form]()
    return varint(len(out)) + out


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        assert self.at + count <= len(self.data), "the server's packet is too short"
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, width):
        return int.from_bytes(self.take(width), "big")

    def varint(self):
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def string(self):
        return self.take(self.number(2)).decode()

    def properties(self):
        end = self.varint() + self.at
        found = {}
        while self.at < end:
            name, form = PROPERTIES[self.varint()]
            value = {"b": lambda: self.number(1), "2": lambda: self.number(2), "4": lambda: self.number(4), "v": self.varint, "s": self.string,
                     "x": lambda: self.take(self.number(2)), "p": lambda: (self.string(), self.string())}[form]()
            assert name in MANY or name not in found, f"property {name} twice"
            if name in MANY:
                found.setdefault(name, []).append(value)
            else:
                found[name] = value
        return found

    @property
    def left(self):
        return len(self.data) - self.at


class Message:
    def __init__(self, topic, payload, qos, retain, dup, packet_id, properties, sent_topic):
        self.topic, self.payload, self.qos, self.retain, self.dup = topic, payload, qos, retain, dup
        self.packet_id, self.properties, self.sent_topic = packet_id, properties, sent_topic


class Client:
    """After connect(): .connack is (session present, code, properties); .closed tells that the server ended the connection."""

    def __init__(self, port, name, version):
        self.port, self.name, self.version, self.v5 = port, name, version, version == 5
        self.socket, self.next_id, self.auto_ack = None, 0, True
        self.clear()

    def clear(self):
        self.messages, self.subacks, self.unsubacks, self.done, self.disconnects, self.pings = [], {}, {}, {}, [], 0

    def connect(self, clean=True, keepalive=60, will=None, will_properties=None, properties=None, name=None, protocol="MQTT", same_socket=False, expect=0):
        if not same_socket:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 10)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.input, self.closed, self.connack, self.aliases, self.open_ids = b"", False, None, {}, set()
        flags = (2 if clean else 0) | (4 | will[2] << 3 | (32 if will[3] else 0) if will else 0)
        body = text(protocol) + bytes([self.version, flags]) + struct.pack("!H", keepalive)
        body += (pack_properties(properties) if self.v5 else b"") + text(self.name if name is None else name)
        if will:
            body += (pack_properties(will_properties) if self.v5 else b"") + text(will[0]) + binary(will[1])
        self.packet(CONNECT, 0, body)
        if same_socket:
            return None
        wait(lambda: self.connack or self.closed, self)
        assert expect is None or (self.connack and self.connack[1] == expect), f"{self.name}: CONNACK {self.connack}"
        return self.connack

    def packet(self, kind, flags, body):
        self.raw(bytes([kind << 4 | flags]) + varint(len(body)) + body)

    def raw(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.closed = True

    def new_id(self):
        self.next_id = self.next_id % 65535 + 1
        return self.next_id

    def publish(self, topic, payload=b"", qos=0, retain=False, properties=None, dup=False, packet_id=None, settle=True):
        """With settle it waits for the handshake's end and returns the final reason code."""
        packet_id = packet_id or (self.new_id() if qos else 0)
        body = text(topic) + (struct.pack("!H", packet_id) if qos else b"") + (pack_properties(properties) if self.v5 else b"") + payload
        self.packet(PUBLISH, (8 if dup else 0) | qos << 1 | (1 if retain else 0), body)
        if qos and settle:
            wait(lambda: packet_id in self.done or self.closed, self)
            return self.done.get(packet_id)
        return packet_id

    def subscribe(self, *filters, properties=None):
        """filters: (filter, qos or options byte). Returns the reason codes."""
        packet_id = self.new_id()
        body = struct.pack("!H", packet_id) + (pack_properties(properties) if self.v5 else b"")
        self.packet(SUBSCRIBE, 2, body + b"".join(text(name) + bytes([options]) for name, options in filters))
        wait(lambda: packet_id in self.subacks or self.closed, self)
        return self.subacks.get(packet_id)

    def unsubscribe(self, *filters):
        packet_id = self.new_id()
        body = struct.pack("!H", packet_id) + (pack_properties(None) if self.v5 else b"")
        self.packet(UNSUBSCRIBE, 2, body + b"".join(text(name) for name in filters))
        wait(lambda: packet_id in self.unsubacks or self.closed, self)
        return self.unsubacks.get(packet_id)

    def ack(self, kind, packet_id):
        self.packet(kind, 2 if kind == PUBREL else 0, struct.pack("!H", packet_id))

    def disconnect(self, properties=None):
        self.packet(DISCONNECT, 0, b"" if properties is None else b"\0" + pack_properties(properties))
        try:
            # The server closes first. A client id that comes back before it has can lose its new session's subscriptions to the end of the old one.
            self.socket.settimeout(5)
            while self.socket.recv(65536):
                pass
        except OSError:
            pass
        self.terminate()

    def terminate(self):
        self.socket.close()
        self.closed = True

    def receive(self):
        try:
            data = self.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.closed = True
            self.socket.close()
        self.input += data
        while True:
            header = self.split()
            if header is None:
                return
            self.handle(*header)

    def split(self):
        for size in range(1, 5):
            if len(self.input) <= size:
                return None
            if self.input[size] < 128:
                length = Reader(self.input[1:size + 1]).varint()
                if len(self.input) < 1 + size + length:
                    return None
                first, body = self.input[0], self.input[1 + size:1 + size + length]
                self.input = self.input[1 + size + length:]
                return first, Reader(body)
        raise AssertionError("the server's remaining length is malformed")

    def handle(self, first, body):
        kind = first >> 4
        if kind == CONNACK:
            self.connack = (body.number(1), body.number(1), body.properties() if self.v5 else {})
        elif kind == PUBLISH:
            self.on_publish(first, body)
        elif kind in (PUBACK, PUBREC, PUBREL, PUBCOMP):
            packet_id, code = body.number(2), body.number(1) if body.left else 0
            if kind == PUBREC and code < 0x80:
                self.ack(PUBREL, packet_id)
            elif kind == PUBREL:
                self.open_ids.discard(packet_id)
                self.ack(PUBCOMP, packet_id)
            else:
                self.done[packet_id] = code
        elif kind in (SUBACK, UNSUBACK):
            packet_id = body.number(2)
            if self.v5:
                body.properties()
            (self.subacks if kind == SUBACK else self.unsubacks)[packet_id] = list(body.take(body.left))
        elif kind == PINGRESP:
            self.pings += 1
        elif kind == DISCONNECT:
            self.disconnects.append(body.number(1) if body.left else 0)
        else:
            raise AssertionError(f"packet {kind} from a server")

    def on_publish(self, first, body):
        qos = first >> 1 & 3
        sent_topic = body.string()
        packet_id = body.number(2) if qos else 0
        properties = body.properties() if self.v5 else {}
        alias = properties.get("topic_alias")
        topic = sent_topic or self.aliases[alias]
        if alias:
            self.aliases[alias] = topic
        if not (qos == 2 and packet_id in self.open_ids):
            self.messages.append(Message(topic, body.take(body.left), qos, first & 1, first >> 3 & 1, packet_id, properties, sent_topic))
        if qos and self.auto_ack:
            if qos == 2:
                self.open_ids.add(packet_id)
            self.ack(PUBACK if qos == 1 else PUBREC, packet_id)


def wait(condition, *clients, seconds=10, must=True):
    """Reads for the clients until the condition holds. With must=False it is no fault if it never does."""
    until = time.monotonic() + seconds
    while not condition():
        left = until - time.monotonic()
        if left <= 0:
            assert not must, "the server did not do in time what it should"
            return False
        sockets = {c.socket: c for c in clients if not c.closed}
        if not sockets:
            time.sleep(min(left, 0.05))
            continue
        for ready in select.select(list(sockets), [], [], min(left, 0.5))[0]:
            sockets[ready].receive()
    return True


def settle(*clients, seconds=0.4):
    """Reads whatever comes within the time: for what must not come."""
    wait(lambda: False, *clients, seconds=seconds, must=False)
