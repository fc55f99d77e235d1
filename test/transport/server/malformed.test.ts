import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpHandler } from '../../../src/transport/server/exchange.js';
import { PATH } from './echo-service.js';
import { dialH2, exchange, requestH2, startEcho } from './harness.js';

const CALL = 'Content-Type: application/json\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"hi"';

function call(hostLines: string, version = '1.1'): string {
  return `POST ${PATH.say} HTTP/${version}\r\n${hostLines}${CALL}`;
}

for (const [what, hostLines] of [
  ['an unclosed bracket', 'Host: [\r\n'],
  ['a space', 'Host: a b\r\n'],
  ['nothing', 'Host: \r\n'],
  ['a port out of range', 'Host: a:99999\r\n'],
  ['user information', 'Host: me@a\r\n'],
  ['a path', 'Host: a/b\r\n'],
  ['an escape that is no host', 'Host: %\r\n'],
  ['two values', 'Host: a\r\nHost: a\r\n'],
] as const) {
  test(`a Host header with ${what} is answered 400 and the server lives on`, async (t) => {
    const server = await startEcho(t);
    assert.match(await exchange(t, server.port, call(hostLines)), /^HTTP\/1\.1 400 /);
    assert.match(await exchange(t, server.port, call('Host: a\r\n')), /^HTTP\/1\.1 200 .*"hi"/s);
    assert.deepEqual(server.lines, []);
  });
}

test('HTTP/1.0 needs no Host header, and HTTP/1.1 does', async (t) => {
  const server = await startEcho(t);
  const hostLess = await exchange(t, server.port, call('', '1.0'));
  assert.match(hostLess, /^HTTP\/1\.1 200 .*"hi"/s);
  assert.match(await exchange(t, server.port, 'GET /livez HTTP/1.0\r\n\r\n'), / 200 .*"ok"/s);
  assert.match(await exchange(t, server.port, call('Host: [::1]:80\r\n', '1.0')), / 200 .*"hi"/s);
  assert.match(await exchange(t, server.port, call('')), /^HTTP\/1\.1 400 /);
});

for (const authority of ['[', 'a:99999', 'me@a', '%']) {
  test(`the HTTP/2 authority "${authority}" is answered 400 and the session lives on`, async (t) => {
    const server = await startEcho(t);
    const session = dialH2(t, server.url);
    assert.equal((await requestH2(session, callTo(authority), '"hi"')).status, 400);
    const good = await requestH2(session, callTo('a'), '"hi"');
    assert.equal(good.status, 200);
    assert.equal(good.body.toString(), '"hi"');
  });
}

for (const authority of ['a b', 'a/b', '']) {
  test(`the HTTP/2 authority "${authority}" is a protocol error and the session lives on`, async (t) => {
    const server = await startEcho(t);
    const session = dialH2(t, server.url);
    await assert.rejects(requestH2(session, callTo(authority), '"hi"'), /PROTOCOL_ERROR/);
    assert.equal((await requestH2(session, callTo('a'), '"hi"')).status, 200);
  });
}

function callTo(authority: string) {
  return {
    ':method': 'POST',
    ':path': PATH.say,
    ':authority': authority,
    'content-type': 'application/json',
  };
}

test('an HTTP/2 request whose Host contradicts its authority is answered 400', async (t) => {
  const server = await startEcho(t);
  const head = { ':method': 'POST', ':path': PATH.say, ':authority': 'a', host: 'b' };
  assert.equal((await requestH2(dialH2(t, server.url), head)).status, 400);
});

test('TRACE is refused on both versions of HTTP', async (t) => {
  const server = await startEcho(t);
  const h1 = 'TRACE / HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nConnection: close\r\n\r\n';
  assert.match(await exchange(t, server.port, h1), /^HTTP\/1\.1 405 /);
  const h2 = await requestH2(dialH2(t, server.url), { ':method': 'TRACE', ':path': '/' });
  assert.equal(h2.status, 405);
  assert.match(String(h2.headers.allow), /^GET, /);
});

test('a request target in absolute form is served, and its authority goes before Host', async (t) => {
  const hosts: unknown[] = [];
  const fallback: HttpHandler = (req, res) => {
    hosts.push(`${req.headers.host}${req.url}`);
    res.end();
  };
  const server = await startEcho(t, {}, { fallback });
  const get = (target: string) => {
    const text = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    return exchange(t, server.port, text);
  };
  assert.match(await get('http://a/livez'), /^HTTP\/1\.1 200 .*"ok"/s);
  for (const target of ['HTTP://b:1/x?y', 'https://b', 'http://b?q']) await get(target);
  assert.deepEqual(hosts, ['b:1/x?y', 'b/', 'b/?q']);
  for (const target of ['http://me@b/x', 'http:///x', 'ftp://b/x', 'x', '*']) {
    assert.match(await get(target), /^HTTP\/1\.1 400 /, target);
  }
});

test('OPTIONS * says what the server as a whole takes', async (t) => {
  const server = await startEcho(t);
  const text = 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  assert.match(await exchange(t, server.port, text), /^HTTP\/1\.1 204 .*allow: GET, HEAD, /s);
});

test('a header field beyond the count is refused rather than passed over', async (t) => {
  const server = await startEcho(t);
  const get = (count: number) => {
    const fields = Array.from({ length: count - 2 }, (_, at) => `X-${at}: y\r\n`).join('');
    const text = `GET /livez HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`;
    return exchange(t, server.port, text);
  };
  assert.match(await get(100), /^HTTP\/1\.1 200 /);
  for (const count of [101, 102, 300]) assert.match(await get(count), /^HTTP\/1\.1 431 /);
});

test('a transfer coding besides chunked is answered 501, not taken for the body', async (t) => {
  const server = await startEcho(t);
  const chunks =
    'Content-Type: application/json\r\nConnection: close\r\n\r\n4\r\n"hi"\r\n0\r\n\r\n';
  const post = (coding: string) => {
    const text = `POST ${PATH.say} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ${coding}\r\n${chunks}`;
    return exchange(t, server.port, text);
  };
  assert.match(await post('Chunked'), /^HTTP\/1\.1 200 .*"hi"/s);
  assert.match(await post('gzip, chunked'), /^HTTP\/1\.1 501 .*chunked/s);
});

test('a URL over the limit is answered 414, a header over the limit 431', async (t) => {
  const server = await startEcho(t);
  const get = (path: string, header: string) =>
    exchange(
      t,
      server.port,
      `GET ${path} HTTP/1.1\r\nHost: a\r\n${header}Connection: close\r\n\r\n`,
    );
  assert.match(await get(`/${'x'.repeat(9_000)}`, ''), /^HTTP\/1\.1 414 /);
  assert.match(await get('/', `X-Big: ${'x'.repeat(20_000)}\r\n`), /^HTTP\/1\.1 431 /);
});

test('a URL over the limit is left to the fallback, unless its Host is bad as well', async (t) => {
  const fallback: HttpHandler = (_req, res) => {
    res.statusCode = 418;
    res.end();
  };
  const server = await startEcho(t, {}, { fallback });
  const get = (header: string) => {
    const text = `GET /${'x'.repeat(9_000)} HTTP/1.1\r\n${header}Connection: close\r\n\r\n`;
    return exchange(t, server.port, text);
  };
  assert.match(await get('Host: a\r\n'), /^HTTP\/1\.1 418 /);
  assert.match(await get('Host: a/b\r\n'), /^HTTP\/1\.1 400 /);
});

test('a fallback that throws is answered 500 without the reason, which is logged with the request id', async (t) => {
  const fallback = () => {
    throw new Error('the disk is on fire');
  };
  const server = await startEcho(t, {}, { fallback });
  const res = await fetch(`${server.url}/x`, { headers: { 'x-request-id': 'abc' } });
  assert.equal(res.status, 500);
  assert.deepEqual(await res.json(), { code: 'internal', message: 'internal error' });
  assert.equal(res.headers.get('x-request-id'), 'abc');
  assert.equal(server.lines[0]?.fields.requestId, 'abc');
  assert.match(String(server.lines[0]?.fields.err), /on fire/);
});

test('what is neither HTTP/1 nor HTTP/2 ends its own connection only', async (t) => {
  const server = await startEcho(t);
  await exchange(t, server.port, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03');
  await exchange(t, server.port, `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'garbage'.repeat(20)}`);
  await exchange(t, server.port, `PRI / HTTP/1.1\r\nHost: a\r\n\r\n${'x'.repeat(40)}`);
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
});
