import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../../gen/ts/grpc/health/v1/health_pb.js';
import { EchoService, PATH } from './echo-service.js';
import {
  closing,
  dial,
  dialH2,
  readAll,
  readUntil,
  signpost,
  startEcho,
  within,
} from './harness.js';

test('watchers hear of NOT_SERVING, then streams end with UNAVAILABLE, and the port closes', async (t) => {
  const server = await startEcho(t, {
    async *pour(_, context) {
      yield create(BytesValueSchema);
      await once(context.signal, 'abort');
    },
  });
  const transport = createGrpcTransport({ baseUrl: server.url });
  const statuses: Status[] = [];
  const watching = signpost();
  const watch = (async () => {
    for await (const { status } of createClient(Health, transport).watch({})) {
      statuses.push(status);
      watching.reach();
    }
  })();
  const pour = (async () => {
    for await (const _ of createClient(EchoService, transport).pour({}));
  })();
  await within(watching.reached);
  const draining = (err: unknown) =>
    ConnectError.from(err).code === Code.Unavailable && /draining/.test(String(err));
  const cut = server.drain(5_000);
  await assert.rejects(within(watch), draining);
  await assert.rejects(within(pour), draining);
  assert.deepEqual(statuses, [Status.SERVING, Status.NOT_SERVING]);
  assert.equal(await within(cut), 0);
  await assert.rejects(fetch(`${server.url}/livez`));
});

test('calls that draining ends are told why in the words of whoever started the server', async (t) => {
  const drainReason = new ConnectError('it moves house', Code.Unavailable, { 'retry-after': '2' });
  const server = await startEcho(
    t,
    {
      async *pour() {
        yield create(BytesValueSchema);
        await new Promise(() => {});
      },
    },
    { drainReason },
  );
  const client = createClient(EchoService, createGrpcTransport({ baseUrl: server.url }));
  const pour = client.pour({})[Symbol.asyncIterator]();
  await pour.next();
  const cut = server.drain(5_000);
  await assert.rejects(within(pour.next()), (error) => {
    const { rawMessage, metadata } = ConnectError.from(error);
    return rawMessage === 'it moves house' && metadata.get('retry-after') === '2';
  });
  assert.equal(await within(cut), 0);
});

test('a connection whose upload outlasts its answer is closed when the upload ends, not after the grace', async (t) => {
  const begun = signpost();
  const server = await startEcho(t, {
    async gather(_requests, { signal }) {
      begun.reach();
      await once(signal, 'abort');
      throw signal.reason;
    },
  });
  const socket = await dial(t, server.port);
  const answer = readUntil(socket, /unavailable/);
  socket.write(
    `POST ${PATH.gather} HTTP/1.1\r\nHost: a\r\nContent-Type: application/connect+json\r\nContent-Length: 9\r\n\r\n1234`,
  );
  await within(begun.reached);
  const cut = server.drain(60_000);
  await answer;
  socket.write('56789');
  await closing(socket);
  assert.equal(await within(cut), 0);
});

test('streams whose handlers ignore the draining are ended all the same', async (t) => {
  const server = await startEcho(t, {
    async *pour() {
      yield create(BytesValueSchema);
      await new Promise(() => {});
    },
  });
  const client = createClient(EchoService, createGrpcTransport({ baseUrl: server.url }));
  const pour = client.pour({})[Symbol.asyncIterator]();
  await pour.next();
  const cut = server.drain(5_000);
  await assert.rejects(within(pour.next()), /draining/);
  assert.equal(await within(cut), 0);
});

for (const httpVersion of ['1.1', '2'] as const) {
  test(`a unary call in flight over HTTP/${httpVersion} finishes while the server drains`, async (t) => {
    const begun = signpost();
    const finish = signpost();
    const server = await startEcho(t, {
      async say(request) {
        begun.reach();
        await finish.reached;
        return request;
      },
    });
    const transport = createConnectTransport({ baseUrl: server.url, httpVersion });
    const call = createClient(EchoService, transport).say({ value: 'done' });
    await within(begun.reached);
    const cut = server.drain(5_000);
    // The server is past its first turns, in which it could have cut the call.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    finish.reach();
    assert.equal((await within(call)).value, 'done');
    assert.equal(await within(cut), 0);
  });
}

test('draining sends GOAWAY and closes idle connections of either kind', async (t) => {
  const server = await startEcho(t);
  const h2 = dialH2(t, server.url);
  await within(once(h2, 'connect'));
  const h1 = await dial(t, server.port);
  const answer = readUntil(h1, /"status":"ok"/);
  h1.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
  await answer;
  const goaway = once(h2, 'goaway');
  assert.equal(await within(server.drain(5_000)), 0);
  await within(goaway);
  await closing(h1);
});

test('what is left after the grace is cut, and says how much it was', async (t) => {
  const begun = signpost();
  const server = await startEcho(t, {
    say() {
      begun.reach();
      return new Promise<never>(() => {});
    },
  });
  const body = '""';
  const headers = { 'content-type': 'application/json' };
  const failure = assert.rejects(fetch(server.url + PATH.say, { method: 'POST', headers, body }));
  await within(begun.reached);
  assert.equal(await within(server.drain(50)), 1);
  await failure;
  assert.equal(server.connections(), 0);
});

test('a second drain with no grace ends the first', async (t) => {
  const begun = signpost();
  const server = await startEcho(t, {
    say() {
      begun.reach();
      return new Promise<never>(() => {});
    },
  });
  const client = createClient(EchoService, createGrpcTransport({ baseUrl: server.url }));
  const leave = new AbortController();
  const failure = assert.rejects(client.say({}, { signal: leave.signal }));
  await within(begun.reached);
  const patient = server.drain(60_000);
  await within(server.drain(0));
  await within(patient);
  // This client does not always notice that its connection was cut right after a GOAWAY.
  leave.abort();
  await within(failure);
});

test('while it drains the server is not ready but lives, and refuses new calls on old connections', async (t) => {
  const begun = signpost();
  const finish = signpost();
  const server = await startEcho(t, {
    async say() {
      begun.reach();
      await finish.reached;
      return create(StringValueSchema);
    },
  });
  const socket = await dial(t, server.port);
  const call = `POST ${PATH.say} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n""`;
  // Pipelined: the later requests are taken up when the first is answered, while the server drains.
  socket.write(call);
  await within(begun.reached);
  const cut = server.drain(5_000);
  await new Promise(setImmediate);
  socket.write(
    `GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n${call}`,
  );
  const text = readAll(socket);
  await new Promise(setImmediate);
  finish.reach();
  const statuses = (await text).match(/HTTP\/1\.1 \d+/g);
  assert.deepEqual(statuses, ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 503', 'HTTP/1.1 503']);
  assert.match(await text, /"check":"server","reason":"draining"/);
  assert.equal(await within(cut), 0);
});
