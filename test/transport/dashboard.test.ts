import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../src/demo/package-root.js';
import { dashboardRoutes } from '../../src/transport/dashboard.js';
import { pathOf, replyNotFound } from '../../src/transport/server/exchange.js';
import { plainHandlers } from '../../src/transport/server/plain-routes.js';

/** Serves what `npm run build` has built. */
async function serveDashboard(t: TestContext): Promise<string> {
  const routes = await dashboardRoutes(join(packageRoot(), 'dist', 'ui'));
  const handlers = plainHandlers(routes, (err) => assert.ifError(err));
  const server = createServer((req, res) => {
    (handlers.get(pathOf(req)) ?? replyNotFound)(req, res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function linksOf(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
}

test('the page and all that it names are there, of the right type, and nothing is from elsewhere', async (t) => {
  const url = await serveDashboard(t);
  const page = await fetch(`${url}/`);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  const types: string[] = [];
  for (const link of linksOf(await page.text())) {
    assert.match(link, /^\/ui\/[\w.-]+$/);
    const file = await fetch(url + link);
    assert.equal(file.status, 200, link);
    types.push(file.headers.get('content-type') ?? '');
    assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  }
  assert.deepEqual(types.sort(), [
    'image/svg+xml',
    'text/css; charset=utf-8',
    'text/javascript; charset=utf-8',
  ]);
});

test('the page may load its own files only, runs no text as script, and stands in no frame', async (t) => {
  const url = await serveDashboard(t);
  const { headers } = await fetch(`${url}/`);
  const policy = headers.get('content-security-policy') ?? '';
  const directives = policy.split('; ');
  for (const wanted of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
  ]) {
    assert.ok(directives.includes(wanted), wanted);
  }
  assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('x-frame-options'), 'DENY');
  assert.equal(headers.get('cache-control'), 'no-cache');
});

test('what a browser has already is not sent again, and what it unpacks is sent packed', async (t) => {
  const url = await serveDashboard(t);
  const first = await fetch(`${url}/`);
  const etag = first.headers.get('etag') ?? '';
  const again = await fetch(`${url}/`, { headers: { 'if-none-match': etag } });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), '');
  const script = linksOf(await first.text()).find((link) => link.endsWith('.js')) ?? '';
  const plain = await fetch(url + script, { headers: { 'accept-encoding': 'identity' } });
  const packed = await fetch(url + script, { headers: { 'accept-encoding': 'gzip' } });
  const refused = await fetch(url + script, { headers: { 'accept-encoding': '*, gzip;q=0' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.equal(refused.headers.get('content-encoding'), null);
  assert.equal(packed.headers.get('content-encoding'), 'gzip');
  assert.ok(
    Number(packed.headers.get('content-length')) * 2 < Number(plain.headers.get('content-length')),
  );
  assert.equal(await packed.text(), await plain.text());
});

test('no path reaches a file that the table does not name', async (t) => {
  const url = new URL(await serveDashboard(t));
  for (const path of [
    '/ui/../../package.json',
    '/ui/%2e%2e/%2e%2e/package.json',
    '/ui/..%2fserve.js',
    '//index.html',
    '/ui/.built',
    '/ui/index.html',
    '/ui/',
    '/ui',
  ]) {
    const answer = await raw(url, `GET ${path} HTTP/1.0\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 404/, path);
  }
  assert.match(await raw(url, 'POST / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 405/);
  const head = await raw(url, 'HEAD / HTTP/1.0\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 200/);
  assert.ok(head.endsWith('\r\n\r\n'), 'a body was sent');
});

/** As it stands: fetch would resolve the dots itself. */
async function raw(url: URL, request: string): Promise<string> {
  const socket = connect(Number(url.port), url.hostname);
  socket.end(request);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
