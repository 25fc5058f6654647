// mqtt.js walks one scenario against the server on 127.0.0.1:PORT and prints OK.
//
//     node mqttjs_peer.mjs PORT 4|5
import assert from 'node:assert/strict';
import mqtt from 'mqtt';

const [port, version] = process.argv.slice(2).map(Number);
const isV5 = version === 5;
const patienceMs = 20000;
const open = new Set();

async function connect(clientId, { resume = false, will } = {}) {
  const client = await mqtt.connectAsync({
    host: '127.0.0.1', port, protocol: 'mqtt', clientId, protocolVersion: version, clean: !resume, reconnectPeriod: 0, will,
    ...(isV5 && resume ? { properties: { sessionExpiryInterval: 60 } } : {}),
  }, false).then((c) => c);
  open.add(client);
  return client;
}

function collect(client) {
  const messages = [];
  client.on('message', (topic, payload, packet) => messages.push({ topic, payload: Buffer.from(payload), packet }));
  return messages;
}

async function until(condition, what) {
  const end = Date.now() + patienceMs;
  while (!condition()) {
    assert.ok(Date.now() < end, `the server did not answer in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const first = await connect('js-first');
const messages = collect(first);
await first.subscribeAsync('loop/#', { qos: 2, ...(isV5 ? { properties: { subscriptionIdentifier: 42 } } : {}) });
const payload = Buffer.from(Array.from({ length: 2444 }, (_, i) => i % 251));
const publishes = [];
for (const qos of [0, 1, 2]) {
  for (let i = 0; i < 100; i++) {
    const properties = isV5 ? { properties: { contentType: 'application/octet-stream', userProperties: { index: String(i) } } } : {};
    publishes.push(first.publishAsync(`loop/${qos}`, payload, { qos, ...properties }));
  }
}
await Promise.all(publishes);
await until(() => messages.length === 300, `300 messages, had ${messages.length}`);
for (const qos of [0, 1, 2]) {
  const mine = messages.filter((m) => m.topic === `loop/${qos}`);
  assert.equal(mine.length, 100);
  mine.forEach((m, i) => {
    assert.ok(m.payload.equals(payload) && m.packet.qos === qos && !m.packet.retain);
    if (isV5) {
      assert.equal(m.packet.properties.userProperties.index, String(i));
      assert.equal(m.packet.properties.contentType, 'application/octet-stream');
      assert.equal(m.packet.properties.subscriptionIdentifier, 42);
    }
  });
}

messages.length = 0;
await first.publishAsync('keep/1', 'kept', { qos: 1, retain: true });
await first.subscribeAsync('keep/#', { qos: 1 });
await until(() => messages.length === 1, 'the retained message');
assert.ok(messages[0].packet.retain && messages[0].payload.toString() === 'kept');

const away = await connect('js-away', { resume: true });
await away.subscribeAsync('away/#', { qos: 1 });
await away.endAsync();
for (let i = 0; i < 10; i++) {
  await first.publishAsync('away/x', String(i), { qos: 1 });
}
const back = mqtt.connect({
  host: '127.0.0.1', port, protocol: 'mqtt', clientId: 'js-away', protocolVersion: version, clean: false, reconnectPeriod: 0,
  ...(isV5 ? { properties: { sessionExpiryInterval: 60 } } : {}),
});
open.add(back);
const backMessages = collect(back);
const ack = await new Promise((resolve, reject) => { back.once('connect', resolve); back.once('error', reject); });
assert.equal(ack.sessionPresent, true);
await until(() => backMessages.length === 10, 'the messages of the resumed session');
assert.deepEqual(backMessages.map((m) => m.payload.toString()), Array.from({ length: 10 }, (_, i) => String(i)));

messages.length = 0;
await first.subscribeAsync('wills/#', { qos: 1 });
const lost = await connect('js-lost', { will: { topic: 'wills/js', payload: Buffer.from('bye'), qos: 1, retain: false } });
lost.on('error', () => {});
lost.stream.destroy();
await until(() => messages.some((m) => m.topic === 'wills/js'), 'the last will');
for (const client of open) {
  client.end(true);
}
console.log('OK');
process.exit(0);
