import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpentox } from '../../../src/transport/opentox/dialect.js';
import { exchange } from '../server/harness.js';
import { startOpentox } from './opentox-server.js';
import { ot, readRdf, typed } from './rdflib.js';

test('malformed requests at every route end in an error report and change nothing', async (t) => {
  const { send, run, store, faults } = await startOpentox(t);
  const { path, id } = await run('a');
  const before = await store.eventBounds();
  const asked: readonly (readonly [method: string, path: string, status: number])[] = [
    ['GET', `${path}?bogus=1`, 400],
    ['GET', `${path}?id=1`, 400],
    ['GET', `${path}?subjectid=%zz`, 400],
    ['GET', `/task/${id}%00`, 400],
    ['GET', `/task/${id}%2f..`, 400],
    ['GET', `/task/../task/${id}`, 400],
    ['GET', `/task//${id}`, 400],
    ['GET', `/task/${id}/bogus`, 404],
    ['GET', '/task/%ff', 400],
    ['GET', '/task/%E2%82%AC', 400],
    ['GET', '/task?max=1&max=2', 400],
    ['GET', `/task/${'9'.repeat(3_000)}`, 400],
    ['PUT', path, 405],
    ['POST', '/task', 405],
    ['PATCH', path, 405],
    ['DELETE', '/task', 405],
    ['DELETE', `${path}?force=true`, 400],
    ['DELETE', `/task/${id},${id}`, 400],
    ['DELETE', `${path}/history`, 405],
    ['GET', '/task/1;x=1', 400],
    ['GET', '/task/1%20OR%201=1', 400],
  ];
  for (const [method, target, status] of asked) {
    const answer = await send(target, { method });
    assert.equal(answer.status, status, `${method} ${target} ${answer.text}`);
    assert.match(answer.type, /^application\/rdf\+xml/, target);
  }
  const hostile = await send('/task/<b>&"\'', { accept: 'text/uri-list' });
  assert.doesNotMatch(hostile.text, /[<"]/);
  assert.deepEqual(await store.eventBounds(), before);
  assert.equal((await send(path)).status, 202);
  assert.deepEqual(faults, []);
});

test('an error report is a document of its own in every syntax', async (t) => {
  const { send, url } = await startOpentox(t);
  for (const [accept, format] of [
    ['application/rdf+xml', 'xml'],
    ['text/turtle', 'turtle'],
    ['text/n3', 'n3'],
  ] as const) {
    const answer = await send('/task/x%26%3Cb%3E', { accept });
    assert.equal(answer.status, 400);
    const triples = await readRdf(t, answer.text, format);
    assert.equal(typed(triples, `${ot}ErrorReport`).length, 1);
    const actor = triples.find(({ predicate }) => predicate === `${ot}actor`);
    assert.equal(actor?.object, `${url}/task/x%26%3Cb%3E`);
  }
});

test('a Host that no URI can have is refused, and none of it is in the answer', async (t) => {
  const { url } = await startOpentox(t);
  for (const host of ['a"><script>', 'a b', 'user@host', 'host:99999', 'a/b', '[::1']) {
    const request = `GET /task HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const answer = await exchange(t, Number(new URL(url).port), request);
    assert.match(answer, /^HTTP\/1\.1 400 /, host);
    assert.ok(!answer.includes('script'), host);
  }
});

test('URIs are those of the address that the caller used', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path } = await run('a');
  for (const host of ['models.example', 'models.example:8080', '[::1]:80', "it's.(valid)&odd"]) {
    const ask = { accept: 'text/uri-list', headers: { host } };
    const answer = await send(path, ask);
    assert.deepEqual([answer.status, answer.text], [202, `http://${host}${path}`]);
    const graph = await send(path, { ...ask, accept: 'application/rdf+xml' });
    const triples = await readRdf(t, graph.text);
    assert.deepEqual(typed(triples, `${ot}Task`), [`http://${host}${path}`]);
  }
});

test('URIs are under the public URL where there is one, whatever the caller used', async (t) => {
  const publicUrl = 'https://models.example/predict';
  const { send, run } = await startOpentox(t, { publicUrl });
  const { path } = await run('a');
  for (const target of [path, '/task/4711']) {
    const answer = await send(target, { accept: 'text/uri-list', headers: { host: 'evil' } });
    assert.equal(answer.text, publicUrl + target);
  }
});

test('a public URL that no URI can begin with stops the start', async (t) => {
  const { service } = await startOpentox(t);
  const authenticator = { authenticate: () => Promise.reject(new Error('unused')) };
  for (const publicUrl of ['models.example', 'ftp://models.example', 'https://a b', 'https://é']) {
    assert.throws(
      () => createOpentox({ service, authenticator, publicUrl, now: Date.now }),
      TypeError,
      publicUrl,
    );
  }
});

test('the token in a URL is in no answer', async (t) => {
  const { bare, run } = await startOpentox(t);
  const { path } = await run('a');
  for (const target of [path, '/task', '/task/4711', `${path}/history`, '/task/bogus']) {
    for (const accept of ['application/rdf+xml', 'text/uri-list', 'application/json']) {
      const { text, headers } = await bare(`${target}?subjectid=token-c1`, { accept });
      assert.ok(!`${text}${JSON.stringify(headers)}`.includes('token-c1'), target);
    }
  }
});

test("another user's task reads as one that is not there, and an admin sees it", async (t) => {
  const { as, run } = await startOpentox(t);
  const { path, id, uri } = await run('a');
  for (const [method, target] of [
    ['GET', path],
    ['GET', `/task/${id}`],
    ['GET', `${path}/history`],
    ['HEAD', path],
    ['DELETE', path],
  ] as const) {
    assert.equal((await as('c2')(target, { method })).status, 404, `${method} ${target}`);
  }
  assert.equal((await as('c2')('/task', { accept: 'text/uri-list' })).text, '');
  assert.equal((await as('admin')('/task', { accept: 'text/uri-list' })).text, uri);
  assert.equal((await as('admin')(path)).status, 202);
});

test('who may only look may not cancel', async (t) => {
  const { as, run, store } = await startOpentox(t);
  const { id, path } = await run('a');
  const answer = await as('looker')(path, { method: 'DELETE' });
  assert.equal(answer.status, 403);
  assert.equal((await store.executionById(id))?.state, 'RUNNING');
});
