import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { basePath, createTask } from './client.js';
import { startKandasearch } from './kandasearch-server.js';

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request as it stands, and reads the whole answer. */
async function send(url: string, { method, path, headers = {}, body }: Sent) {
  const { hostname, port } = new URL(url);
  const authorization = 'Bearer token-boss';
  const all = { authorization, ...headers };
  const sent = httpRequest({ hostname, port, method, path, headers: all, agent: false });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return { status: Number(response.statusCode), text: await text(response) };
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'multipart/form-data; boundary=X' };
const login = { 'content-type': 'application/x-www-form-urlencoded' };

test('malformed input at every route is an error in its own form, never 5xx, and changes nothing', async (t) => {
  const server = await startKandasearch(t);
  const base = basePath();
  const { path } = await createTask(server, await server.target(), base);
  const before = await server.store.eventBounds();
  const action = `${path}/action`;
  const token = '/external/v1/auth/token';
  const requests: readonly Sent[] = [
    ...['PUT', 'DELETE', 'PATCH'].map((method) => ({ method, path })),
    { method: 'GET', path: '/external/v1/nowhere' },
    { method: 'GET', path: base },
    { method: 'GET', path: action },
    { method: 'GET', path: token },
    { method: 'GET', path: `${path}?fields=all` },
    { method: 'GET', path: `${path}%00` },
    { method: 'GET', path: path.replace('/tasks/', '/tasks/%2e%2e%2f') },
    { method: 'GET', path: `${base}/${'9'.repeat(3_000)}` },
    { method: 'GET', path: `${base}/%ff` },
    { method: 'GET', path: path.replace('/projects/', '/projects//') },
    { method: 'GET', path, headers: { ...json, 'content-length': '2' }, body: '{}' },
    { method: 'POST', path: base, headers: json, body: '\ufeff{}' },
    { method: 'POST', path: base, headers: json, body: `${'['.repeat(9_000)}` },
    { method: 'POST', path: base, headers: json, body: `"${'x'.repeat(2_000_000)}"` },
    { method: 'POST', path: base, headers: json, body: '{"__proto__":{"targetId":"x"}}' },
    { method: 'POST', path: base, headers: { 'content-type': 'application/xml' }, body: '<a/>' },
    { method: 'POST', path: base, headers: { ...json, 'content-encoding': 'br' }, body: '{}' },
    { method: 'POST', path: base, headers: { ...json, 'content-encoding': 'gzip' }, body: '{}' },
    { method: 'POST', path: action },
    { method: 'POST', path: action, headers: json, body: '{"data":{"action":"abort"}}' },
    { method: 'POST', path: action, headers: form, body: '' },
    { method: 'POST', path: action, headers: form, body: '--X--' },
    { method: 'POST', path: action, headers: form, body: '--X\r\n\r\n\r\n--X--\r\n' },
    { method: 'POST', path: action, headers: form, body: '--X\r\n'.repeat(50_000) },
    { method: 'POST', path: action, headers: form, body: `--X\r\n${'a: b\r\n'.repeat(9_000)}` },
    { method: 'POST', path: `${path}/action/more`, headers: form, body: '--X--' },
    { method: 'POST', path: token, headers: login, body: '%' },
    { method: 'POST', path: token, headers: login, body: 'username=%ff%00&password=%' },
    { method: 'POST', path: token, headers: json, body: '{}' },
    { method: 'POST', path: token },
  ];
  for (const request of requests) {
    const about = `${request.method} ${request.path.slice(0, 200)} ${request.body?.slice(0, 40)}`;
    const answer = await send(server.url, request);
    assert([200, 401].includes(answer.status), `${about}: ${answer.status}`);
    const { status, error } = JSON.parse(answer.text);
    assert.equal(status, 'ERROR', about);
    assert.equal(typeof error.message, 'string', about);
    assert.notEqual(error.message, 'internal error', about);
  }
  assert.deepEqual(server.faults, []);
  assert.deepEqual(await server.leftovers(), []);
  assert.deepEqual(await server.store.eventBounds(), before);
});

test('whoever may not command is refused before a byte of the files is taken', async (t) => {
  const server = await startKandasearch(t);
  const { path } = await createTask(server, await server.target());
  const { hostname, port } = new URL(server.url);
  const headers = { authorization: 'Bearer token-owner', ...form, 'content-length': '100000000' };
  const sent = httpRequest({ hostname, port, method: 'POST', path: `${path}/action`, headers });
  sent.on('error', () => undefined);
  sent.write('--X\r\n');
  const [response] = await once(sent, 'response');
  assert.match(await text(response), /^\{"status":"ERROR",.*needs the role ADMIN/);
  sent.destroy();
  assert.deepEqual(await server.leftovers(), []);
});
