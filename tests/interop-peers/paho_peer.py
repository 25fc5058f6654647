"""paho-mqtt walks one scenario against the server on 127.0.0.1:PORT and prints OK.

    paho_peer.py PORT 4|5
"""

import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

PORT, VERSION = int(sys.argv[1]), int(sys.argv[2])
V5 = VERSION == 5
PATIENCE_S = 20


class Peer:
    def __init__(self, name, resume=False, will=None):
        options = {} if V5 else {"clean_session": not resume}
        self.client = mqtt.Client(client_id=name, protocol=VERSION, **options)
        self.messages, self.flags, self.acks = [], None, {}
        self.changed = threading.Condition()
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message
        self.client.on_subscribe = self.on_subscribe
        if will:
            self.client.will_set(will, b"bye", qos=1)
        connect = {}
        if V5:
            connect["clean_start"] = not resume
            if resume:
                connect["properties"] = Properties(PacketTypes.CONNECT)
                connect["properties"].SessionExpiryInterval = 60
        self.client.connect("127.0.0.1", PORT, keepalive=30, **connect)
        self.client.loop_start()
        self.wait(lambda: self.flags is not None)

    def on_connect(self, client, userdata, flags, code, properties=None):
        with self.changed:
            assert code == 0, code
            self.flags = flags
            self.changed.notify_all()

    def on_message(self, client, userdata, message):
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()

    def on_subscribe(self, client, userdata, mid, *granted):
        with self.changed:
            self.acks[mid] = granted
            self.changed.notify_all()

    def wait(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE_S), "the server did not answer in time"

    def subscribe(self, topic, qos, identifier=None):
        if V5:
            properties = Properties(PacketTypes.SUBSCRIBE)
            if identifier:
                properties.SubscriptionIdentifier = identifier
            mid = self.client.subscribe(topic, options=SubscribeOptions(qos=qos), properties=properties)[1]
        else:
            mid = self.client.subscribe(topic, qos)[1]
        self.wait(lambda: mid in self.acks)

    def publish(self, topic, payload, qos, retain=False, properties=None):
        info = self.client.publish(topic, payload, qos, retain, **({"properties": properties} if V5 and properties else {}))
        info.wait_for_publish(PATIENCE_S)
        assert info.is_published()


first = Peer("paho-first")
first.subscribe("loop/#", 2, identifier=42)
payload = bytes(i % 251 for i in range(2444))
for qos in (0, 1, 2):
    for i in range(100):
        properties = Properties(PacketTypes.PUBLISH)
        properties.ContentType = "application/octet-stream"
        properties.UserProperty = ("index", str(i))
        first.publish(f"loop/{qos}", payload, qos, properties=properties)
first.wait(lambda: len(first.messages) == 300)
for qos in (0, 1, 2):
    mine = [m for m in first.messages if m.topic == f"loop/{qos}"]
    assert len(mine) == 100 and all(m.payload == payload and m.qos == qos and not m.retain for m in mine), qos
    if V5:
        assert [dict(m.properties.UserProperty)["index"] for m in mine] == [str(i) for i in range(100)]
        assert all(m.properties.ContentType == "application/octet-stream" and m.properties.SubscriptionIdentifier == [42] for m in mine)

first.messages.clear()
first.publish("keep/1", b"kept", 1, retain=True)
first.subscribe("keep/#", 1)
first.wait(lambda: len(first.messages) == 1)
assert first.messages[0].retain and first.messages[0].payload == b"kept"

away = Peer("paho-away", resume=True)
away.subscribe("away/#", 1)
away.client.disconnect()
away.client.loop_stop()
for i in range(10):
    first.publish("away/x", str(i), 1)
back = Peer("paho-away", resume=True)
back.wait(lambda: len(back.messages) == 10)
assert back.flags["session present"] == 1
assert [m.payload for m in back.messages] == [str(i).encode() for i in range(10)]

first.messages.clear()
first.subscribe("wills/#", 1)
lost = Peer("paho-lost", will="wills/paho")
lost.client._sock.shutdown(2)
lost.client.loop_stop()
first.wait(lambda: any(m.topic == "wills/paho" for m in first.messages))
print("OK")
