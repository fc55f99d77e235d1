import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, cors as rpcCors } from '@connectrpc/connect';
import { dialH2, type EchoServer, requestH2, startEcho } from './harness.js';

const origin = 'https://console.example';
const say = '/predictd.test.v1.EchoService/Say';
const cors = { origins: [origin], exposedHeaders: rpcCors.exposedHeaders };

/** The same request over both HTTP versions, each answer as plain headers. */
async function overBoth(
  t: Parameters<typeof startEcho>[0],
  server: EchoServer,
  request: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  },
) {
  const { method, headers, body } = request;
  const init = body === undefined ? {} : { body };
  const h1 = await fetch(server.url + say, { method, headers, ...init });
  const h1Headers: Record<string, unknown> = Object.fromEntries(h1.headers);
  await h1.arrayBuffer();
  const session = dialH2(t, server.url);
  const h2 = await requestH2(session, { ':method': method, ':path': say, ...headers }, body);
  return [
    { version: 'HTTP/1.1', status: h1.status, headers: h1Headers },
    { version: 'HTTP/2', status: h2.status, headers: h2.headers },
  ];
}

const preflight = {
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,connect-protocol-version,content-type',
  },
};

test('a preflight for a procedure is answered with its methods and the headers asked for', async (t) => {
  const server = await startEcho(t, {}, { cors });
  for (const { version, status, headers } of await overBoth(t, server, preflight)) {
    assert.equal(status, 204, version);
    assert.equal(headers['access-control-allow-origin'], origin, version);
    assert.equal(headers['access-control-allow-methods'], 'POST', version);
    const asked = preflight.headers['access-control-request-headers'];
    assert.equal(headers['access-control-allow-headers'], asked, version);
  }
});

test('a page may read the answer of a call, and of one that failed, with its details', async (t) => {
  const server = await startEcho(
    t,
    {
      say({ value }) {
        if (value === 'fail') {
          const detail = { desc: StringValueSchema, value: create(StringValueSchema) };
          throw new ConnectError('no', Code.NotFound, undefined, [detail]);
        }
        return create(StringValueSchema, { value });
      },
    },
    { cors },
  );
  const connect = { origin, 'content-type': 'application/json' };
  const grpcWeb = { origin, 'content-type': 'application/grpc-web+json' };
  // The envelope of gRPC-Web: no flags, then the length of what follows.
  const envelope = (json: string) => `\0\0\0\0${String.fromCharCode(json.length)}${json}`;
  const calls = [
    { headers: connect, body: '"hello"', status: 200 },
    { headers: connect, body: '"fail"', status: 404 },
    { headers: grpcWeb, body: envelope('"hello"'), status: 200 },
    { headers: grpcWeb, body: envelope('"fail"'), status: 200 },
  ];
  for (const { headers: sent, body, status: expected } of calls) {
    const answers = await overBoth(t, server, { method: 'POST', headers: sent, body });
    for (const { version, status, headers } of answers) {
      const name = `${version} ${body}`;
      assert.equal(status, expected, name);
      assert.equal(headers['access-control-allow-origin'], origin, name);
      assert.equal(headers.vary, 'origin', name);
      const exposed = String(headers['access-control-expose-headers']).toLowerCase().split(', ');
      for (const needed of ['grpc-status', 'grpc-message', 'grpc-status-details-bin']) {
        assert.ok(exposed.includes(needed), `${name}: ${needed}`);
      }
    }
  }
});

test('a page may read that there is no such method', async (t) => {
  const server = await startEcho(t, {}, { cors });
  const headers = { origin, 'content-type': 'application/grpc-web+proto' };
  const response = await fetch(`${server.url}/predictd.test.v1.EchoService/Nope`, {
    method: 'POST',
    headers,
  });
  assert.equal(response.headers.get('grpc-status'), '12');
  assert.equal(response.headers.get('access-control-allow-origin'), origin);
});

test('an origin that is not listed gets no permission, and without a list nobody does', async (t) => {
  const foreign = {
    ...preflight,
    headers: { ...preflight.headers, origin: 'https://evil.example' },
  };
  for (const options of [{ cors }, {}]) {
    const server = await startEcho(t, {}, options);
    for (const { version, headers } of await overBoth(t, server, foreign)) {
      assert.equal(headers['access-control-allow-origin'], undefined, version);
      assert.equal(headers['access-control-allow-methods'], undefined, version);
    }
  }
});
