import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyJson } from '../../../src/transport/server/exchange.js';
import type { PlainHandler } from '../../../src/transport/server/plain-routes.js';
import { startEcho } from './harness.js';

const page: PlainHandler = (_req, res) => replyJson(res, 200, { page: true });

test('a plain path is served whatever its query, others and longer ones are not', async (t) => {
  const plainRoutes = new Map([['/page', page]]);
  const { url } = await startEcho(t, {}, { plainRoutes });
  const res = await fetch(`${url}/page?x=1`);
  assert.equal(res.status, 200);
  assert.deepEqual(await res.json(), { page: true });
  assert.ok(res.headers.get('x-request-id'));
  for (const path of ['/page/', '/page/more', '/PAGE', '/']) {
    assert.equal((await fetch(url + path)).status, 404, path);
  }
});

test('a plain path answers GET and HEAD, and says so', async (t) => {
  const { url } = await startEcho(t, {}, { plainRoutes: new Map([['/page', page]]) });
  const head = await fetch(`${url}/page`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
  const post = await fetch(`${url}/page`, { method: 'POST', body: '{}' });
  assert.equal(post.status, 405);
  assert.equal(post.headers.get('allow'), 'GET, HEAD, OPTIONS');
  const options = await fetch(`${url}/page`, { method: 'OPTIONS' });
  assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, OPTIONS']);
});

test('what a plain handler throws or rejects with is logged, and nobody is told of it', async (t) => {
  const failing = async () => {
    await Promise.resolve();
    throw new Error('at /secret');
  };
  const throwing = () => {
    throw new Error('at /secret');
  };
  const plainRoutes = new Map<string, PlainHandler>([
    ['/failing', failing],
    ['/throwing', throwing],
  ]);
  const server = await startEcho(t, {}, { plainRoutes });
  for (const path of plainRoutes.keys()) {
    const res = await fetch(server.url + path);
    assert.equal(res.status, 500);
    assert.doesNotMatch(await res.text(), /secret/);
  }
  assert.deepEqual(
    server.lines.map(({ fields }) => [fields.path, String(fields.err)]),
    [...plainRoutes.keys()].map((path) => [path, 'Error: at /secret']),
  );
});

test('the probes cannot be taken over', async (t) => {
  const { url } = await startEcho(t, {}, { plainRoutes: new Map([['/livez', page]]) });
  assert.deepEqual(await (await fetch(`${url}/livez`)).json(), { status: 'ok' });
});
