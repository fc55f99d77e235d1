import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { createSocketFactory } from '../../src/kafka/egress.js';
import { HttpCallError, httpCall } from '../../src/predict/http-call.js';
import { HttpConnection } from '../../src/predict/http-connection.js';

/** A kept connection to a server that answers its first call well, and the others as a test says. */
async function connected(t: TestContext, answerLater: (res: ServerResponse) => void) {
  let calls = 0;
  const server = createServer((_req, res) => {
    calls += 1;
    if (calls === 1) res.end('well');
    else answerLater(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = new URL(`http://${address}/`);
  const factory = createSocketFactory(createEgressPolicy([], [address]));
  const connection = new HttpConnection(url, factory, { keep: true });
  t.after(() => {
    connection.destroy();
    server.close();
    server.closeAllConnections();
  });
  const call = () =>
    httpCall({ method: 'POST', url, body: '{}', bytesMax: 100, timeoutMs: 10_000, connection });
  assert.equal((await call()).text, 'well');
  return { call, calls: () => calls };
}

test('a call that a kept connection lost before any answer is made again', async (t) => {
  let isFirst = true;
  const { call, calls } = await connected(t, (res) => {
    if (!isFirst) res.end('again');
    else res.socket?.destroy();
    isFirst = false;
  });
  assert.equal((await call()).text, 'again');
  assert.equal(calls(), 3);
});

test('a call whose answer has begun is not made again when the rest is no HTTP', async (t) => {
  const { call, calls } = await connected(t, (res) => {
    res.write('half of it', () => res.socket?.write('no size of a chunk\r\n'));
  });
  await assert.rejects(call(), HttpCallError);
  // Over the one connection it would come behind a repetition.
  await assert.rejects(call(), HttpCallError);
  assert.equal(calls(), 3);
});
