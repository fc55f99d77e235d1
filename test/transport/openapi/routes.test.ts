import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { documentationRoutes } from '../../../src/transport/openapi/routes.js';
import { startEcho } from '../server/harness.js';
import { apis, routes } from './documents.js';

const options = { apis, bindings: routes, version: '1.2.3', publicUrl: 'https://tasks.example' };

test('documents are served to everybody, the first under the bare name', async (t) => {
  const server = await startEcho(t, {}, { plainRoutes: documentationRoutes(options) });
  for (const { name, title } of apis) {
    const path = name === 'predictd' ? '/openapi.json' : `/openapi/${name}.json`;
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    const document = JSON.parse(await answer.text());
    assert.equal(document.openapi, '3.1.0');
    assert.deepEqual(document.servers, [{ url: 'https://tasks.example' }]);
    assert.equal(document.info.title, title);
  }
  const zipped = await fetch(`${server.url}/openapi.json`);
  assert.equal(zipped.headers.get('content-encoding'), 'gzip');
  const etag = zipped.headers.get('etag') ?? '';
  for (const known of [etag, etag.replace('W/', ''), `"x", ${etag}`, '*']) {
    const headers = { 'if-none-match': known };
    assert.equal((await fetch(`${server.url}/openapi.json`, { headers })).status, 304, known);
  }
  const head = await fetch(`${server.url}/openapi.json`, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
});

test('pages load and run nothing, and let only their own style through', async (t) => {
  const server = await startEcho(t, {}, { plainRoutes: documentationRoutes(options) });
  for (const { name } of apis) {
    const path = name === 'predictd' ? '/docs' : `/docs/${name}`;
    const answer = await fetch(server.url + path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    const html = await answer.text();
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|\son\w+=|\ssrc=|style="/i);
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; /);
    assert.ok(policy.includes(`style-src 'sha256-${hash}'`), policy);
  }
});

test('every link of a page leads somewhere on it or to another page', async (t) => {
  const server = await startEcho(t, {}, { plainRoutes: documentationRoutes(options) });
  const html = await (await fetch(`${server.url}/docs`)).text();
  assert.doesNotMatch(html, /<td><p><\/p><\/td>/, 'no cell is empty');
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const [, target = ''] of html.matchAll(/ href="([^"]+)"/g)) {
    if (target.startsWith('#')) assert.ok(ids.has(target.slice(1)), target);
    else assert.equal((await fetch(server.url + target)).status, 200, target);
  }
});

test('what a comment says is text, not HTML', async (t) => {
  const [first] = apis;
  assert.ok(first);
  const hostile = { ...first, title: '<b>"&\'', description: '`<i>` <script>' };
  const plainRoutes = documentationRoutes({ ...options, apis: [hostile] });
  const server = await startEcho(t, {}, { plainRoutes });
  const html = await (await fetch(`${server.url}/docs`)).text();
  assert.doesNotMatch(html, /<b>|<i>|<script/);
});
