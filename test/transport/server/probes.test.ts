import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FailingCheck } from '../../../src/transport/server/probes.js';
import { startEcho, within } from './harness.js';

test('livez says that the process answers, whatever is failing', async (t) => {
  const server = await startEcho(t, {}, { readiness: () => Promise.reject(new Error('x')) });
  const res = await fetch(`${server.url}/livez?verbose`);
  assert.equal(res.status, 200);
  assert.deepEqual(await res.json(), { status: 'ok' });
  assert.equal(res.headers.get('cache-control'), 'no-store');
  assert.equal(res.headers.get('x-content-type-options'), 'nosniff');
});

test('readyz and healthz list what is failing with 503, and say 200 when nothing is', async (t) => {
  let failing: FailingCheck[] = [{ check: 'store', reason: 'read-only' }];
  const server = await startEcho(t, {}, { readiness: () => Promise.resolve(failing) });
  for (const path of ['/readyz', '/healthz']) {
    const res = await fetch(server.url + path);
    assert.equal(res.status, 503);
    assert.deepEqual(await res.json(), { status: 'unavailable', failing });
  }
  failing = [];
  const res = await fetch(`${server.url}/readyz`);
  assert.equal(res.status, 200);
  assert.deepEqual(await res.json(), { status: 'ok', failing: [] });
});

test('a readiness check that hangs or throws is itself what is failing', async (t) => {
  const hanging = await startEcho(
    t,
    {},
    { readiness: () => new Promise(() => {}), limits: { readinessMs: 50 } },
  );
  const late = await within(fetch(`${hanging.url}/readyz`));
  assert.equal(late.status, 503);
  assert.match(await late.text(), /timed out/);

  const throwing = await startEcho(
    t,
    {},
    { readiness: () => Promise.reject(new Error('at /secret')) },
  );
  const broken = await fetch(`${throwing.url}/readyz`);
  assert.equal(broken.status, 503);
  assert.doesNotMatch(await broken.text(), /secret/);
  assert.match(String(throwing.lines[0]?.fields.err), /secret/);
});

test("probes answer GET and HEAD only, paths that are nobody's are not found", async (t) => {
  const server = await startEcho(t);
  const head = await fetch(`${server.url}/readyz`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
  const post = await fetch(`${server.url}/readyz`, { method: 'POST' });
  assert.equal(post.status, 405);
  assert.equal(post.headers.get('allow'), 'GET, HEAD, OPTIONS');
  const nowhere = await fetch(`${server.url}/nowhere`);
  assert.equal(nowhere.status, 404);
  assert.equal(await nowhere.text(), '');
});
