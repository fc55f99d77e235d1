import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { Client, credentials } from '@grpc/grpc-js';
import {
  ServerReflectionRequestSchema as NO_QUERY,
  ServerReflection,
} from '../../../gen/ts/grpc/reflection/v1/reflection_pb.js';
import type { HttpHandler } from '../../../src/transport/server/exchange.js';
import { EchoService, PATH } from './echo-service.js';
import { dial, type EchoServer, readUntil, startEcho, within } from './harness.js';
import { selfSigned } from './self-signed.js';

type Impl = Parameters<typeof startEcho>[1];

const handlers: Impl = {
  async *pour({ value }) {
    for (let i = 0; i < Number(value); i += 1) {
      yield create(BytesValueSchema, { value: Uint8Array.of(i) });
    }
  },
  async gather(requests) {
    let total = 0;
    for await (const { value } of requests) total += value.length;
    return create(StringValueSchema, { value: String(total) });
  },
  async *chat(requests) {
    for await (const { value } of requests) yield create(StringValueSchema, { value });
  },
};

async function exercise(transport: Transport, bidi: boolean): Promise<void> {
  const client = createClient(EchoService, transport);
  assert.equal((await client.say({ value: 'hello' })).value, 'hello');
  const poured: number[] = [];
  for await (const { value } of client.pour({ value: '3' })) poured.push(...value);
  assert.deepEqual(poured, [0, 1, 2]);
  const chunk = create(BytesValueSchema, { value: new Uint8Array(100_000) });
  assert.equal((await client.gather(repeat(chunk, 5))).value, '500000');
  if (!bidi) return;
  const words: string[] = [];
  const word = create(StringValueSchema, { value: 'w' });
  for await (const { value } of client.chat(repeat(word, 4))) words.push(value);
  assert.deepEqual(words, ['w', 'w', 'w', 'w']);
}

async function* repeat<T>(item: T, times: number): AsyncGenerator<T> {
  for (let i = 0; i < times; i += 1) yield item;
}

for (const tls of [undefined, selfSigned]) {
  const where = tls === undefined ? 'in plaintext' : 'with TLS';
  const open = (t: TestContext): Promise<EchoServer> => startEcho(t, handlers, { tls });
  const nodeOptions = { rejectUnauthorized: false };

  for (const httpVersion of ['1.1', '2'] as const) {
    test(`Connect over HTTP/${httpVersion} works ${where}`, async (t) => {
      const { url: baseUrl } = await open(t);
      for (const useBinaryFormat of [true, false]) {
        const options = { baseUrl, httpVersion, useBinaryFormat, nodeOptions };
        await exercise(createConnectTransport(options), httpVersion === '2');
      }
    });

    test(`gRPC-Web over HTTP/${httpVersion} works ${where}`, async (t) => {
      const { url: baseUrl } = await open(t);
      const options = { baseUrl, httpVersion, nodeOptions };
      await exercise(createGrpcWebTransport(options), httpVersion === '2');
    });
  }

  test(`gRPC from connect-node works ${where}`, async (t) => {
    const { url: baseUrl } = await open(t);
    await exercise(createGrpcTransport({ baseUrl, nodeOptions }), true);
  });

  test(`gRPC from grpc-js works ${where}`, async (t) => {
    const { port } = await open(t);
    const channel =
      tls === undefined
        ? credentials.createInsecure()
        : credentials.createSsl(Buffer.from(tls.cert), null, null, {
            checkServerIdentity: () => undefined,
          });
    const client = new Client(`127.0.0.1:${port}`, channel);
    t.after(() => client.close());
    assert.equal(await within(sayWith(client, 'over grpc-js')), 'over grpc-js');
  });
}

function sayWith(client: Client, value: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      PATH.say,
      (text: string) =>
        Buffer.from(toBinary(StringValueSchema, create(StringValueSchema, { value: text }))),
      (bytes) => fromBinary(StringValueSchema, bytes).value,
      value,
      (err, answer) => (err === null ? resolve(answer) : reject(err)),
    );
  });
}

test('the message of a gRPC status reaches every client as it was said', async (t) => {
  const said = 'no: "users/me/tasks/ä%2F" [100 %] #1?';
  const { url, port } = await startEcho(t, {
    say() {
      throw new ConnectError(said, Code.NotFound);
    },
  });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  t.after(() => client.close());
  await assert.rejects(within(sayWith(client, '')), { details: said });
  const connect = createClient(EchoService, createGrpcTransport({ baseUrl: url }));
  await assert.rejects(within(connect.say({})), { rawMessage: said });
});

test('a request that arrives byte by byte is understood in either version of HTTP', async (t) => {
  const server = await startEcho(t);
  const h1 = await dial(t, server.port);
  const answer = readUntil(h1, /200 OK/);
  for (const byte of 'PUT /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n') {
    h1.write(byte);
    await flushed();
  }
  assert.match(await answer, /405 Method Not Allowed.*200 OK/s);

  const h2 = await dial(t, server.port);
  const settings = within(once(h2, 'data'));
  for (const byte of 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0') {
    h2.write(byte, 'latin1');
    await flushed();
  }
  const [frame] = await settings;
  assert.equal(frame[3], 4, 'the first frame is SETTINGS');
});

/** Both ends are in this process: two turns are enough for a byte to arrive on its own. */
async function flushed(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

test('an unknown procedure is unimplemented to RPC clients and left to the fallback otherwise', async (t) => {
  const fallback: HttpHandler = (_req, res) => void res.end('from the fallback');
  const { url: baseUrl } = await startEcho(t, {}, { fallback });
  const unimplemented = (err: unknown) => ConnectError.from(err).code === Code.Unimplemented;
  for (const transport of [
    createConnectTransport({ baseUrl, httpVersion: '1.1' }),
    createGrpcTransport({ baseUrl }),
    createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  ]) {
    const client = createClient(ServerReflection, transport);
    await assert.rejects(async () => {
      for await (const _ of client.serverReflectionInfo(repeat(create(NO_QUERY), 1)));
    }, unimplemented);
  }
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const res = await fetch(`${baseUrl}/v1/things`, post);
  assert.equal(await res.text(), 'from the fallback');
});

test('unknown JSON fields are refused and fields at their default are written', async (t) => {
  const server = await startEcho(t);
  const post = (path: string, body: string) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  const check = '/grpc.health.v1.Health/Check';
  assert.equal((await post(check, '{"service":"","nope":1}')).status, 400);
  assert.deepEqual(await (await post(check, '{}')).json(), { status: 'SERVING' });
  server.health.set('', 0);
  assert.deepEqual(await (await post(check, '{}')).json(), { status: 'UNKNOWN' });
});

test("every answer names the request, with the caller's id only if it is harmless", async (t) => {
  const server = await startEcho(t, {}, { newRequestId: () => 'made' });
  const idFor = async (given: string) => {
    const res = await fetch(`${server.url}/livez`, { headers: { 'x-request-id': given } });
    return res.headers.get('x-request-id');
  };
  assert.equal(await idFor('abc-1.2:3_4'), 'abc-1.2:3_4');
  assert.equal(await idFor('a b'), 'made');
  assert.equal(await idFor('x'.repeat(65)), 'made');
});

test('a port that is taken is reported to whoever starts the server', async (t) => {
  const { port } = await startEcho(t);
  await assert.rejects(startEcho(t, {}, { port }), { code: 'EADDRINUSE' });
});
