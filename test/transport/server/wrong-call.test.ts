import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { PATH } from './echo-service.js';
import { dialH2, exchange, requestH2, startEcho, within } from './harness.js';

/** How a client of gRPC's own fares with a method that the service has not. */
function unknownMethod(url: string): Promise<ServiceError | null> {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  const path = PATH.say.replace('Say', 'Nope');
  const raw = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, raw, raw, Buffer.alloc(0), (error) => {
      client.close();
      resolve(error);
    });
  });
}

test('a gRPC client is told which method there is not', async (t) => {
  const server = await startEcho(t);
  const error = await within(unknownMethod(server.url));
  assert.equal(error?.code, Code.Unimplemented);
  assert.equal(error?.details, 'there is no method /predictd.test.v1.EchoService/Nope');
});

for (const [name, type] of [
  ['gRPC-Web', 'application/grpc-web+proto'],
  ['gRPC', 'application/grpc'],
] as const) {
  test(`a ${name} call of an unknown service ends with the status in its header`, async (t) => {
    const server = await startEcho(t);
    const head = { ':method': 'POST', ':path': '/a.B/C', 'content-type': type };
    const { status, headers, body } = await requestH2(dialH2(t, server.url), head);
    assert.deepEqual([status, headers['grpc-status'], body.length], [200, '12', 0]);
    assert.equal(headers['content-type'], type);
  });
}

test('a call by plain JSON of a method that its service has not is no matter of the fallback', async (t) => {
  const fallback = () => assert.fail('it was asked');
  const server = await startEcho(t, {}, { fallback });
  const url = server.url + PATH.say.replace('Say', 'Nope');
  const res = await fetch(url, { method: 'POST', body: '{}', headers: json });
  assert.equal(res.status, 404);
  assert.equal((await jsonOf(res)).code, 'unimplemented');
});

test('a wrong HTTP method on a procedure is answered 405 with those that it takes', async (t) => {
  const server = await startEcho(t);
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const res = await fetch(server.url + PATH.say, { method });
    assert.deepEqual([res.status, res.headers.get('allow')], [405, 'POST, OPTIONS']);
    assert.equal(await res.text(), 'use POST\n');
  }
  const options = await fetch(server.url + PATH.say, { method: 'OPTIONS' });
  assert.deepEqual([options.status, options.headers.get('allow')], [204, 'POST, OPTIONS']);
});

test('a wrong content type is answered 415 with those that the procedure takes', async (t) => {
  const server = await startEcho(t);
  const accepted = async (path: string, contentType: string) => {
    const headers = { 'content-type': contentType };
    const res = await fetch(server.url + path, { method: 'POST', body: '{}', headers });
    assert.equal(res.status, 415);
    const types = res.headers.get('accept-post') ?? '';
    assert.equal(await res.text(), `content-type: expected one of ${types}\n`);
    return types;
  };
  assert.match(await accepted(PATH.say, 'text/plain'), /^application\/json, application\/proto, /);
  assert.match(await accepted(PATH.pour, 'application/json'), /^application\/connect\+json, /);
});

test('a message that cannot be read is the fault of its caller, a handler that fails is not', async (t) => {
  const server = await startEcho(t, {
    say() {
      throw new Error('oh');
    },
  });
  const post = async (body: Uint8Array<ArrayBuffer>) => {
    const headers = { 'content-type': 'application/proto' };
    const res = await fetch(server.url + PATH.say, { method: 'POST', headers, body });
    return [res.status, (await jsonOf(res)).code];
  };
  for (const garbage of [
    [255, 255, 255],
    [10, 5, 65],
    [10, 2, 255, 254],
  ]) {
    assert.deepEqual(await post(Uint8Array.from(garbage)), [400, 'invalid_argument']);
  }
  assert.deepEqual(await post(Uint8Array.of(10, 1, 65)), [500, 'internal']);
});

test('the status of a gRPC call over HTTP/1 that fails at once is in its trailers', async (t) => {
  const server = await startEcho(t, {
    say() {
      throw new ConnectError('no', Code.NotFound);
    },
  });
  const call = `POST ${PATH.say} HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\nContent-Length: 5\r\nConnection: close\r\n\r\n\0\0\0\0\0`;
  const answer = await exchange(t, server.port, call);
  assert.match(answer, /^HTTP\/1\.1 200 .*transfer-encoding: chunked.*\r\n0\r\n.*grpc-status: 5/is);
});

const json = { 'content-type': 'application/json' };

async function jsonOf(res: Response): Promise<Record<string, unknown>> {
  const value: unknown = await res.json();
  assert.ok(typeof value === 'object' && value !== null);
  return { ...value };
}
