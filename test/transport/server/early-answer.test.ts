import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as requestH1 } from 'node:http';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { type BytesValue, BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { EchoService, PATH } from './echo-service.js';
import { closing, dial, dialH2, readAll, signpost, startEcho, within } from './harness.js';

const MIB = 1024 * 1024;
const UPLOAD = 8 * MIB;

for (const transport of ['Connect', 'gRPC', 'gRPC-Web'] as const) {
  for (const httpVersion of transport === 'gRPC' ? (['2'] as const) : (['1.1', '2'] as const)) {
    test(`a ${transport} client over HTTP/${httpVersion} reads that its upload was too large`, async (t) => {
      const server = await startEcho(t, { gather: swallow }, { limits: { readMaxBytes: MIB } });
      const options = { baseUrl: server.url, httpVersion };
      const client = createClient(
        EchoService,
        transport === 'gRPC'
          ? createGrpcTransport(options)
          : transport === 'Connect'
            ? createConnectTransport(options)
            : createGrpcWebTransport(options),
      );
      const tooLarge = (err: unknown) => ConnectError.from(err).code === Code.ResourceExhausted;
      await assert.rejects(within(client.say({ value: 'x'.repeat(UPLOAD) })), tooLarge);
      await assert.rejects(within(client.gather(bigMessages())), tooLarge);
      assert.equal((await client.say({ value: 'still there' })).value, 'still there');
    });
  }
}

async function swallow(requests: AsyncIterable<BytesValue>) {
  for await (const _ of requests);
  return create(StringValueSchema);
}

async function* bigMessages() {
  for (let i = 0; i < 4; i += 1) {
    yield create(BytesValueSchema, { value: new Uint8Array(2 * MIB) });
  }
}

const CALL_HEADERS = { 'content-type': 'application/json', 'content-length': UPLOAD };

const FRAMINGS = {
  'a declared length': [`Content-Length: ${UPLOAD}\r\n\r\n`, ''],
  chunks: [`Transfer-Encoding: chunked\r\n\r\n${UPLOAD.toString(16)}\r\n`, '\r\n0\r\n\r\n'],
} as const;

for (const connection of ['keep-alive', 'close']) {
  for (const [framing, [before, after]] of Object.entries(FRAMINGS)) {
    test(`an HTTP/1 client that writes all in ${framing} before it reads gets its answer, connection: ${connection}`, async (t) => {
      const server = await startEcho(t, {}, { limits: { readMaxBytes: MIB } });
      const socket = await dial(t, server.port);
      socket.pause();
      socket.write(
        `POST ${PATH.say} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: ${connection}\r\n${before}`,
      );
      socket.write(Buffer.alloc(UPLOAD, 'x'));
      await within(new Promise((resolve) => socket.write(after || '\r\n', resolve)));
      if (connection === 'keep-alive') {
        socket.write('GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      }
      const text = await readAll(socket);
      assert.match(text, /^HTTP\/1\.1 429 .*resource_exhausted/s);
      if (connection === 'keep-alive') assert.match(text, /HTTP\/1\.1 200 OK.*"status":"ok"/s);
    });
  }
}

for (const length of [{ 'content-length': UPLOAD }, {}]) {
  const how = Object.keys(length).length === 0 ? 'without' : 'with';
  test(`an HTTP/2 client that writes all ${how} a declared length before it reads gets its answer`, async (t) => {
    const server = await startEcho(t, {}, { limits: { readMaxBytes: MIB } });
    const stream = dialH2(t, server.url).request({
      ':method': 'POST',
      ':path': PATH.say,
      'content-type': 'application/json',
      ...length,
    });
    stream.pause();
    const response = once(stream, 'response');
    await within(new Promise((resolve) => stream.end(Buffer.alloc(UPLOAD, 'x'), () => resolve(0))));
    const [head] = await within(response);
    assert.equal(head[':status'], 429);
    stream.resume();
    await closing(stream);
    assert.equal(stream.rstCode, 0);
  });
}

test('a fallback that answers without reading is treated alike', async (t) => {
  const server = await startEcho(t);
  const req = requestH1(`${server.url}/nowhere`, { method: 'POST', headers: CALL_HEADERS });
  req.on('error', () => {});
  const answered = once(req, 'response');
  req.end(Buffer.alloc(UPLOAD, 'x'));
  const [res] = await within(answered);
  assert.equal(res.statusCode, 404);
  res.resume();
  await within(once(res, 'end'));
});

for (const path of [PATH.say, '/nowhere']) {
  const limits = { readMaxBytes: 1000, leftoverMaxBytes: MIB };

  test(`an HTTP/1 upload to ${path} that goes on past the bound after its answer is cut off`, async (t) => {
    const server = await startEcho(t, {}, { limits });
    const socket = await dial(t, server.port);
    socket.resume();
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${1024 * MIB}\r\n\r\n`,
    );
    const piece = Buffer.alloc(MIB / 4);
    const pump = () => {
      while (!socket.destroyed && socket.write(piece)) {}
    };
    socket.on('drain', pump);
    pump();
    await closing(socket);
    assert.ok(socket.bytesWritten < 64 * MIB, `the server took ${socket.bytesWritten} bytes`);
  });

  test(`an HTTP/2 upload to ${path} that goes on past the bound after its answer is cut off`, async (t) => {
    const server = await startEcho(t, {}, { limits });
    const head = { ':method': 'POST', ':path': path, ...CALL_HEADERS };
    const stream = dialH2(t, server.url).request(head);
    stream.on('error', () => {});
    stream.resume();
    stream.write(Buffer.alloc(UPLOAD / 2));
    await closing(stream);
  });
}

test('an upload that stops after its answer is cut off in time', async (t) => {
  const server = await startEcho(t, {}, { limits: { readMaxBytes: 1000, leftoverMs: 100 } });
  const socket = await dial(t, server.port);
  socket.write(
    `POST ${PATH.say} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{`,
  );
  assert.match(await readAll(socket), /^HTTP\/1\.1 429 /);
});

test('a handler still waiting for input when its call is answered does not take the leftover for the end', async (t) => {
  const ended = signpost<string>();
  const server = await startEcho(t, {
    async gather(requests) {
      try {
        for await (const _ of requests);
        ended.reach('complete');
      } catch (err) {
        ended.reach(ConnectError.from(err).message);
      }
      return create(StringValueSchema);
    },
  });
  const stream = dialH2(t, server.url).request({
    ':method': 'POST',
    ':path': PATH.gather,
    'content-type': 'application/grpc',
    'grpc-timeout': '50m',
  });
  stream.resume();
  stream.write(Buffer.from([0, 0, 0, 0, 0]));
  await within(once(stream, 'trailers'));
  stream.end();
  assert.match(await within(ended.reached), /answered|ended early|canceled|cancelled/);
});
