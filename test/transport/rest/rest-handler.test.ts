import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  Code,
  ConnectError,
  createClient,
  createConnectRouter,
  createContextKey,
  createContextValues,
  type Interceptor,
} from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { restCallKey } from '../../../src/transport/rest/rest-call.js';
import { createRest } from '../../../src/transport/rest/rest-handler.js';
import { type Send, sender, sendRaw, type TestRequest } from './exchange.js';
import { LibraryService } from './gen/library/v1/library_pb.js';
import { type LibraryServer, startLibrary } from './library-server.js';

const json = { 'content-type': 'application/json' };
const book = '/v1/shelves/1/books/2';
const faults: unknown[] = [];

/** An interceptor that notes each call it sees. */
function noting(calls: string[]): Interceptor {
  return (next) => async (request) => {
    calls.push(`${request.requestMethod} ${request.method.name} ${new URL(request.url).pathname}`);
    return await next(request);
  };
}

for (const version of [1, 2] as const) {
  describe(`over HTTP/${version}`, () => {
    let server: LibraryServer;
    let send: Send;
    before(async () => {
      server = await startLibrary({
        version,
        cors: { origins: ['https://console.example'] },
        limits: { bodyBytesMax: 10_000, targetBytesMax: 1_000 },
        onFault: (reason) => faults.push(reason),
      });
      send = sender(server, version);
    });
    after(() => server.close());

    const answered: readonly [request: TestRequest, status: number, body: unknown][] = [
      [
        { path: book },
        200,
        { name: 'shelves/1/books/2', title: 'Emma', pageCount: 0, wordCount: '160000', tags: [] },
      ],
      [
        { path: '/v1/books/urn:isbn:7' },
        200,
        { name: 'urn:isbn:7', title: 'Emma', pageCount: 0, wordCount: '160000', tags: [] },
      ],
      [{ path: '/v1/shelves/1/books?page_size=0' }, 200, []],
      [
        { path: '/v1/shelves/1/books?pageSize=1' },
        200,
        [{ name: 'shelves/1/books/0', title: '', pageCount: 0, wordCount: '0', tags: [] }],
      ],
      [
        {
          method: 'POST',
          path: '/v1/shelves/1/books?book_id=3',
          headers: json,
          body: '{"page_count":7}',
        },
        201,
        { name: 'shelves/1/books/3', title: '', pageCount: 7, wordCount: '0', tags: [] },
      ],
      [
        {
          method: 'PATCH',
          path: `${book}?updateMask=title`,
          headers: json,
          body: '{"name":"x","title":"E"}',
        },
        200,
        { name: 'shelves/1/books/2', title: 'E', pageCount: 0, wordCount: '0', tags: ['title'] },
      ],
      [
        { method: 'POST', path: `${book}:lend`, headers: json, body: '{"reader":"Anne"}' },
        200,
        {
          name: 'shelves/1/books/2',
          title: 'Anne',
          pageCount: 0,
          wordCount: '0',
          lentTime: '1970-01-01T00:00:00Z',
          tags: [],
        },
      ],
      [
        { method: 'POST', path: `${book}:lend` },
        200,
        {
          name: 'shelves/1/books/2',
          title: '',
          pageCount: 0,
          wordCount: '0',
          lentTime: '1970-01-01T00:00:00Z',
          tags: [],
        },
      ],
      [
        {
          method: 'PUT',
          path: `${book}/cover?note=n`,
          headers: { 'content-type': 'image/gif' },
          body: 'GIF',
        },
        200,
        { name: 'shelves/1/books/2', note: 'n', contentType: 'image/gif', size: '3', chunks: 0 },
      ],
    ];
    for (const [request, status, body] of answered) {
      test(`${request.method ?? 'GET'} ${request.path} answers ${status}`, async () => {
        const response = await send(request);
        assert.equal(response.status, status);
        assert.deepEqual(JSON.parse(response.text), body);
        assert.equal(response.headers['content-type'], 'application/json');
        assert.equal(response.headers['content-length'], String(response.bytes.byteLength));
        assert.equal(response.headers['x-content-type-options'], 'nosniff');
      });
    }

    const gzipped = { ...json, 'content-encoding': 'gzip' };
    const refused: readonly [what: string, request: TestRequest, status: number, code: string][] = [
      ['an unknown path', { path: '/v2' }, 404, 'NOT_FOUND'],
      ['a trailing slash', { path: `${book}/` }, 404, 'NOT_FOUND'],
      ['an empty segment', { path: '/v1//shelves' }, 400, 'INVALID_ARGUMENT'],
      ['an empty segment in a capture', { path: '/v1/files/a//b/status' }, 400, 'INVALID_ARGUMENT'],
      ['a dot segment', { path: '/v1/shelves/1/books/2/../3' }, 400, 'INVALID_ARGUMENT'],
      ['an escaped dot segment', { path: '/v1/shelves/1/books/%2e%2e' }, 400, 'INVALID_ARGUMENT'],
      ['an escaped slash', { path: '/v1/books/a%2Fb' }, 400, 'INVALID_ARGUMENT'],
      ['an escaped backslash', { path: '/v1/books/a%5Cb' }, 400, 'INVALID_ARGUMENT'],
      ['an escaped NUL', { path: '/v1/books/%00' }, 400, 'INVALID_ARGUMENT'],
      ['a broken escape', { path: '/v1/books/%zz' }, 400, 'INVALID_ARGUMENT'],
      ['a long target', { path: `/v1/echo?text=${'x'.repeat(1_000)}` }, 414, 'INVALID_ARGUMENT'],
      ['a wrong method', { method: 'DELETE', path: book }, 405, 'UNIMPLEMENTED'],
      ['a verb with a wrong method', { path: `${book}:lend` }, 405, 'UNIMPLEMENTED'],
      ['an unknown parameter', { path: '/v1/echo?bogus=1' }, 400, 'INVALID_ARGUMENT'],
      [
        'a body where there is none',
        { method: 'PURGE', path: '/v1/echo', body: '{}' },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'a form',
        {
          method: 'POST',
          path: '/v1/echo',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: 'a=b',
        },
        415,
        'INVALID_ARGUMENT',
      ],
      [
        'another charset',
        {
          method: 'POST',
          path: '/v1/echo',
          headers: { 'content-type': 'application/json; charset=utf-16' },
          body: '{}',
        },
        415,
        'INVALID_ARGUMENT',
      ],
      [
        'another encoding',
        {
          method: 'POST',
          path: '/v1/echo',
          headers: { ...json, 'content-encoding': 'br' },
          body: '{}',
        },
        415,
        'INVALID_ARGUMENT',
      ],
      [
        'a broken gzip',
        { method: 'POST', path: '/v1/echo', headers: gzipped, body: '{}' },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'a torn gzip',
        {
          method: 'POST',
          path: '/v1/echo',
          headers: gzipped,
          body: gzipSync('{}').subarray(0, 12),
        },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'a gzip bomb',
        { method: 'POST', path: '/v1/echo', headers: gzipped, body: gzipSync(' '.repeat(1e6)) },
        413,
        'RESOURCE_EXHAUSTED',
      ],
      [
        'a large body',
        { method: 'POST', path: '/v1/echo', headers: json, body: ' '.repeat(3e6) },
        413,
        'RESOURCE_EXHAUSTED',
      ],
      [
        'what is no JSON',
        { method: 'POST', path: '/v1/echo', headers: json, body: '{' },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'an unknown member',
        { method: 'POST', path: '/v1/echo', headers: json, body: '{"x":1}' },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'a deep body',
        { method: 'POST', path: '/v1/echo', headers: json, body: '['.repeat(33) },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'a malformed timeout',
        { path: '/v1/echo', headers: { 'grpc-timeout': 'x' } },
        400,
        'INVALID_ARGUMENT',
      ],
      [
        'a foreign origin',
        { path: '/v1/clock/start', headers: { origin: 'https://evil.example' } },
        403,
        'PERMISSION_DENIED',
      ],
      ["an implementation's error", { path: '/v1/shelves/1/books/lost' }, 404, 'NOT_FOUND'],
    ];
    for (const [what, request, status, code] of refused) {
      test(`${what} is answered ${status}`, async () => {
        const response = await send(request);
        assert.equal(response.status, status);
        const { error } = JSON.parse(response.text);
        assert.equal(error.code, status);
        assert.equal(error.status, code);
        assert.equal(typeof error.message, 'string');
      });
    }

    test('a wrong method is told the right ones', async () => {
      const response = await send({ method: 'PUT', path: book });
      assert.equal(response.headers.allow, 'GET, HEAD, OPTIONS, PATCH');
    });

    test('HEAD answers as GET would, without the body', async () => {
      const get = await send({ path: book });
      const head = await send({ method: 'HEAD', path: book });
      assert.equal(head.status, 200);
      assert.equal(head.text, '');
      assert.equal(head.headers['content-length'], get.headers['content-length']);
    });

    test('HEAD does not run what may change something', async () => {
      const response = await send({ method: 'HEAD', path: '/v1/clock/start' });
      assert.equal(response.status, 405);
      assert.equal(response.headers.allow, 'GET, OPTIONS');
    });

    test('OPTIONS names the methods of a path', async () => {
      const response = await send({ method: 'OPTIONS', path: book });
      assert.equal(response.status, 204);
      assert.equal(response.headers.allow, 'GET, HEAD, OPTIONS, PATCH');
      assert.equal(response.headers['access-control-allow-origin'], undefined);
    });

    test('a preflight is answered for listed origins only', async () => {
      const preflight = (origin: string, path: string) =>
        send({
          method: 'OPTIONS',
          path,
          headers: { origin, 'access-control-request-method': 'PATCH' },
        });
      const allowed = await preflight('https://console.example', book);
      assert.equal(allowed.status, 204);
      assert.equal(allowed.headers['access-control-allow-origin'], 'https://console.example');
      assert.equal(allowed.headers['access-control-allow-methods'], 'PATCH');
      const other = await preflight('https://evil.example', book);
      assert.equal(other.headers['access-control-allow-origin'], undefined);
      const anyMethod = await preflight('https://console.example', '/v1/anything/x');
      assert.equal(anyMethod.text, '');
    });

    test('a listed origin may read answers, errors included', async () => {
      const headers = { origin: 'https://console.example' };
      for (const path of [book, '/v1/shelves/1/books/lost']) {
        const response = await send({ path, headers });
        assert.equal(response.headers['access-control-allow-origin'], headers.origin);
        assert.equal(response.headers.vary, 'origin');
      }
    });

    test('an error comes as problem details if Accept prefers them', async () => {
      const headers = { accept: 'application/problem+json, application/json;q=0.5' };
      const response = await send({ path: '/v1/shelves/1/books/lost', headers });
      assert.equal(response.headers['content-type'], 'application/problem+json');
      const problem = JSON.parse(response.text);
      assert.equal(problem.status, 404);
      assert.equal(problem.details[0].reason, 'BOOK_LOST');
    });

    test("an error's metadata and its retry time become headers", async () => {
      const lost = await send({ path: '/v1/shelves/1/books/lost' });
      assert.equal(lost.headers['x-shelf'], '7');
      const busy = await send({ path: '/v1/shelves/1/books/busy' });
      assert.equal(busy.status, 503);
      assert.equal(busy.headers['retry-after'], '3');
    });

    test('an unexpected error is hidden from the caller and told to the server', async () => {
      faults.length = 0;
      const response = await send({ path: '/v1/shelves/1/books/broken' });
      assert.equal(response.status, 500);
      assert.doesNotMatch(response.text, /hunter2/);
      assert.match(String(faults[0]), /hunter2/);
    });

    test('a large answer is compressed for those who accept it', async () => {
      const path = '/v1/shelves/1/books?page_size=500';
      const plain = await send({ path });
      const zipped = await send({ path, headers: { 'accept-encoding': 'br, gzip' } });
      assert.equal(zipped.headers['content-encoding'], 'gzip');
      assert.equal(zipped.headers['content-length'], String(zipped.bytes.byteLength));
      assert.equal(gunzipSync(zipped.bytes).toString(), plain.text);
      assert.equal(plain.headers.vary, 'origin, accept-encoding');
      const small = await send({ path: book, headers: { 'accept-encoding': 'gzip' } });
      assert.equal(small.headers['content-encoding'], undefined);
    });

    test('a compressed body is read', async () => {
      const body = gzipSync('{"text":"hello"}');
      const response = await send({ method: 'POST', path: '/v1/echo', headers: gzipped, body });
      assert.equal(JSON.parse(response.text).text, 'hello');
    });

    test('an HttpBody answers with its own type and bytes', async () => {
      const response = await send({ path: `${book}/cover` });
      assert.equal(response.headers['content-type'], 'image/png');
      assert.equal(response.text, 'shelves/1/books/2');
    });

    test('any custom method is served, and the wildcard serves the rest', async () => {
      assert.equal((await send({ method: 'PURGE', path: '/v1/echo' })).status, 200);
      const response = await send({ method: 'REPORT', path: '/v1/anything/a/b%2Fc' });
      assert.equal(JSON.parse(response.text).text, 'a/b%2Fc');
    });

    test('a deadline is kept even by an implementation that ignores it', async () => {
      const headers = { 'connect-timeout-ms': '30' };
      const response = await send({ path: '/v1/echo?text=slow', headers });
      assert.equal(response.status, 504);
      assert.equal(JSON.parse(response.text).error.status, 'DEADLINE_EXCEEDED');
    });
  });
}

describe('a REST face', () => {
  test('runs the same interceptors with the same context values as RPC', async () => {
    const callerKey = createContextKey('nobody');
    const calls: string[] = [];
    const server = await startLibrary({
      interceptors: [noting(calls)],
      contextValues: () => createContextValues().set(callerKey, 'anne'),
    });
    try {
      await sender(server, 1)({ path: `${book}?` });
      const transport = createConnectTransport({ baseUrl: server.url, httpVersion: '1.1' });
      await createClient(LibraryService, transport).getBook({ name: 'shelves/1/books/2' });
      assert.deepEqual(calls, [
        `GET GetBook ${book}`,
        'POST GetBook /library.v1.LibraryService/GetBook',
      ]);
      const [rest, rpc] = server.seen.contexts;
      assert.equal(rest?.values.get(callerKey), 'anne');
      assert.equal(rpc?.values.get(callerKey), 'anne');
      assert.equal(rest?.protocolName, 'rest');
      assert.equal(rpc?.values.get(restCallKey), undefined);
      assert.equal(rest?.values.get(restCallKey)?.request.target, `${book}?`);
    } finally {
      await server.close();
    }
  });

  test('shows the raw request to whoever has the context values', async () => {
    const server = await startLibrary();
    try {
      const body = gzipSync('{"text":"x"}');
      const target = '/v1/echo?';
      await sender(
        server,
        1,
      )({ method: 'POST', path: target, headers: { ...json, 'content-encoding': 'gzip' }, body });
      const call = server.seen.contexts[0]?.values.get(restCallKey);
      assert.equal(call?.request.method, 'POST');
      assert.equal(call?.request.rawPath, '/v1/echo');
      assert.equal(call?.request.rawQuery, '');
      assert.deepEqual(Buffer.from(call?.request.wireBody ?? []), body);
      assert.equal(Buffer.from(call?.request.body ?? []).toString(), '{"text":"x"}');
      assert.equal(call?.route?.template.text, '/v1/echo');
    } finally {
      await server.close();
    }
  });

  test('leaves paths that no route has to the next handler, and no others', async () => {
    const server = await startLibrary({
      next: (_, res) => {
        res.writeHead(299, {});
        res.end('next');
      },
    });
    const send = sender(server, 1);
    try {
      assert.equal((await send({ path: '/elsewhere' })).status, 299);
      assert.equal((await send({ method: 'PUT', path: book })).status, 405);
      assert.equal((await send({ path: '/elsewhere/../x' })).status, 400);
    } finally {
      await server.close();
    }
  });

  test('ends calls when the server shuts down', async () => {
    const shutdown = new AbortController();
    const server = await startLibrary({ shutdownSignal: shutdown.signal });
    try {
      const response = fetch(`${server.url}/v1/books:watch?count=1&fail_after=-1`);
      const reader = (await response).body?.getReader();
      await reader?.read();
      shutdown.abort(new ConnectError('draining', Code.Unavailable));
      const last = await reader?.read();
      assert.match(Buffer.from(last?.value ?? []).toString(), /"draining"/);
      await server.seen.watchEnded;
    } finally {
      await server.close();
    }
  });

  test('finishes a unary call that has begun when the server shuts down', async () => {
    const shutdown = new AbortController();
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow: Interceptor = (next) => async (req) => {
      begun();
      await once(shutdown.signal, 'abort');
      return next(req);
    };
    const server = await startLibrary({ shutdownSignal: shutdown.signal, interceptors: [slow] });
    try {
      const response = fetch(`${server.url}/v1/shelves/1/books/2`);
      await hasBegun;
      shutdown.abort(new ConnectError('draining', Code.Unavailable));
      assert.equal((await response).status, 200);
      assert.equal((await fetch(`${server.url}/v1/shelves/1/books/2`)).status, 503);
    } finally {
      await server.close();
    }
  });

  test('gives the signal of a call to interceptors and implementations, also behind a copied request', async () => {
    const signals: AbortSignal[] = [];
    const copying: Interceptor = (next) => (req) => {
      signals.push(req.signal);
      return next(req.stream ? { ...req } : { ...req });
    };
    const server = await startLibrary({ interceptors: [copying] });
    try {
      const { status } = await fetch(`${server.url}/v1/shelves/1/books/2`);
      assert.equal(status, 200);
      const [context] = server.seen.contexts;
      assert.equal(context?.signal, signals[0]);
      assert.equal(context?.signal.aborted, true, 'the call has ended');
    } finally {
      await server.close();
    }
  });

  test('lists its routes', () => {
    const rest = createRest();
    rest.tap(createConnectRouter()).service(LibraryService, {});
    assert.deepEqual(
      rest.routes
        .slice(0, 3)
        .map(({ httpMethod, template, method }) => [httpMethod, template.text, method.name]),
      [
        ['GET', '/v1/{name=shelves/*/books/*}', 'GetBook'],
        ['GET', '/v1/books/{name}', 'GetBook'],
        ['POST', '/v1/{parent=shelves/*}/books', 'CreateBook'],
      ],
    );
  });

  test('refuses two routes of one shape before any request comes', () => {
    const router = createRest().tap(createConnectRouter());
    router.rpc(LibraryService.method.getBook, (request) => ({ name: request.name }));
    assert.throws(
      () => router.service(LibraryService, {}),
      /route GET \/v1\/shelves\/\*\/books\/\* is declared twice/,
    );
  });

  test('registers everything with the router that it taps', () => {
    const router = createConnectRouter();
    createRest().tap(router).service(LibraryService, {});
    assert.equal(router.handlers.length, LibraryService.methods.length);
  });
});

describe('malformed requests', () => {
  let server: LibraryServer;
  before(async () => {
    server = await startLibrary();
  });
  after(() => server.close());

  const requests: readonly [what: string, bytes: string, answer: RegExp][] = [
    [
      'a host that is no authority',
      `GET ${book} HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n`,
      / 400 /,
    ],
    [
      'a host with a space',
      `GET ${book} HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n`,
      / 400 /,
    ],
    [
      'an impossible port',
      `GET ${book} HTTP/1.1\r\nHost: a:99999\r\nConnection: close\r\n\r\n`,
      / 400 /,
    ],
    ['HTTP/1.0 without a host', `GET ${book} HTTP/1.0\r\n\r\n`, / 200 /],
    [
      'an absolute form',
      `GET http://a${book} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      / 400 /,
    ],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', / 400 /],
    [
      'raw bytes in the path',
      'GET /v1/books/caf\u00e9 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      / 400 /,
    ],
    ['a fragment', `GET ${book}#x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, / 400 /],
  ];
  for (const [what, bytes, answer] of requests) {
    test(`${what} is answered ${answer.source.trim()} and leaves the server alive`, async () => {
      assert.match((await sendRaw(server, bytes)).split('\r\n', 1)[0] ?? '', answer);
      assert.equal((await fetch(`${server.url}${book}`)).status, 200);
    });
  }

  test('an upload that breaks off leaves the server alive', async () => {
    const head = `POST ${book}/text HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\npart`;
    await sendRaw(server, head);
    await sendRaw(server, head.replace('/text', ':lend'));
    assert.equal((await fetch(`${server.url}${book}`)).status, 200);
  });
});
