import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { PATH } from './echo-service.js';
import { closing, dial, dialH2, exchange, readAll, startEcho, until, within } from './harness.js';
import { selfSigned } from './self-signed.js';

const HURRIED = {
  firstByteMs: 150,
  headersMs: 150,
  requestMs: 300,
  checkEveryMs: 50,
  keepAliveMs: 150,
};

for (const [what, bytes] of [
  ['says nothing', ''],
  ['says one letter of a method', 'P'],
  ['says two letters of the HTTP/2 preface', 'PR'],
] as const) {
  test(`a connection that ${what} is closed in time`, async (t) => {
    const server = await startEcho(t, {}, { limits: HURRIED });
    assert.equal(await exchange(t, server.port, bytes), '');
    await within(until(() => server.connections() === 0));
  });
}

test('a connection that gives up within the first bytes leaves nothing behind', async (t) => {
  const server = await startEcho(t);
  const socket = await dial(t, server.port);
  socket.end('PR');
  await readAll(socket);
  await within(until(() => server.connections() === 0));
});

test('a TLS connection that never shakes hands is closed in time', async (t) => {
  const server = await startEcho(t, {}, { limits: HURRIED, tls: selfSigned });
  await exchange(t, server.port, '');
  await exchange(t, server.port, '\x16\x03\x01');
});

for (const tls of [undefined, selfSigned]) {
  const where = tls === undefined ? 'in plaintext' : 'with TLS';
  for (const [what, bytes] of [
    ['header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX-Slow: '],
    ['body', 'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc'],
  ] as const) {
    test(`a ${what} that never ends is answered 408 ${where}`, async (t) => {
      // The fallback waits for the whole body, as a handler would.
      const server = await startEcho(
        t,
        {},
        { limits: HURRIED, tls, fallback: (req) => req.resume() },
      );
      const socket =
        tls === undefined
          ? await dial(t, server.port)
          : connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.write(bytes);
      assert.match(await readAll(socket), /^HTTP\/1\.1 408 Request Timeout/);
    });
  }

  test(`an idle kept-alive connection is closed in time ${where}`, async (t) => {
    const server = await startEcho(t, {}, { limits: HURRIED, tls });
    const socket =
      tls === undefined
        ? await dial(t, server.port)
        : connectTls({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.match(await readAll(socket), /^HTTP\/1\.1 200 OK/);
  });
}

test('connections over the cap are refused, and admitted again when one has left', async (t) => {
  const server = await startEcho(t, {}, { limits: { maxConnections: 2 } });
  const first = await dial(t, server.port);
  await dial(t, server.port);
  const third = await dial(t, server.port);
  assert.equal(await readAll(third), '');
  assert.match(server.lines[0]?.message ?? '', /too many connections/);
  first.destroy();
  await within(until(() => server.connections() === 1));
  const text = 'GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  assert.match(await exchange(t, server.port, text), /200 OK/);
});

test('a watcher that no longer answers pings is dropped', async (t) => {
  const server = await startEcho(t, {}, { limits: { pingEveryMs: 100 } });
  const session = dialH2(t, server.url);
  await within(once(session, 'connect'));
  const pinged = once(session, 'ping');
  await within(pinged);
  assert.equal(server.connections(), 1, 'a peer that answers is kept');

  const mute = await dial(t, server.port);
  const closed = closing(mute);
  mute.resume();
  mute.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  mute.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
  await closed;
  assert.equal(session.closed, false);
});

test('an HTTP/2 session without calls is told to go away, one with a call is not', async (t) => {
  const limits = { pingEveryMs: 50, idleSessionMs: 100 };
  const server = await startEcho(t, {}, { limits });
  const idle = dialH2(t, server.url);
  const busy = dialH2(t, server.url);
  const path = '/grpc.health.v1.Health/Watch';
  const watch = busy.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
  });
  watch.resume();
  watch.end(Buffer.from([0, 0, 0, 0, 0]));
  await within(once(idle, 'goaway'));
  await closing(idle);
  assert.equal(busy.closed, false);
  watch.close();
  await closing(busy);
});

test('a connection may not open streams without limit, nor reset them without limit', async (t) => {
  const server = await startEcho(t, {}, { limits: { streamsPerConnection: 7 } });
  const session = dialH2(t, server.url);
  const [settings] = await within(once(session, 'remoteSettings'));
  assert.equal(settings.maxConcurrentStreams, 7);
  assert.equal(settings.maxHeaderListSize, 16 * 1024);
});

test('an upload over HTTP/2 that stands still is cut off, a stream that is silent is not', async (t) => {
  const server = await startEcho(
    t,
    {
      async *chat(requests) {
        for await (const request of requests) yield request;
      },
    },
    { limits: HURRIED },
  );
  const session = dialH2(t, server.url);
  const call = { ':method': 'POST', 'content-type': 'application/grpc' };
  const message = Buffer.from([0, 0, 0, 0, 0]);
  const chat = session.request({ ...call, ':path': PATH.say.replace('Say', 'Chat') });
  chat.on('error', () => {});
  chat.write(message);
  await within(once(chat, 'response'));
  const stalled = session.request({ ...call, ':path': PATH.say }).resume();
  stalled.on('error', () => {});
  stalled.write(message.subarray(1));
  await closing(stalled);
  const echoed = once(chat, 'data');
  chat.write(message);
  await within(echoed);
});
