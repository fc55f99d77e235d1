import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as h1Request } from 'node:http';
import { connect as h2Connect } from 'node:http2';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Send, sender } from './exchange.js';
import { type LibraryServer, startLibrary } from './library-server.js';

const book = '/v1/shelves/1/books/2';

for (const version of [1, 2] as const) {
  describe(`a response stream over HTTP/${version}`, () => {
    let server: LibraryServer;
    let send: Send;
    before(async () => {
      server = await startLibrary({
        version,
        eventIdField: 'sequence',
        limits: { heartbeatMs: 20, uploadBytesMax: 100_000 },
      });
      send = sender(server, version);
    });
    after(() => server.close());

    test('is one JSON object a line', async () => {
      const response = await send({ path: '/v1/books:watch?count=2' });
      assert.equal(response.headers['content-type'], 'application/x-ndjson');
      assert.equal(response.headers['cache-control'], 'no-cache');
      assert.ok(response.text.endsWith('\n'));
      const lines = response.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(
        lines.map(({ result }) => result.sequence),
        ['1', '2'],
      );
    });

    test('stays so for Accept: application/json', async () => {
      const headers = { accept: 'application/json' };
      const response = await send({ path: '/v1/books:watch?count=1', headers });
      assert.equal(response.headers['content-type'], 'application/x-ndjson');
    });

    test('tells of a failure in its last line', async () => {
      const { text } = await send({ path: '/v1/books:watch?count=3&fail_after=2' });
      const [first = '', last = ''] = text.trimEnd().split('\n');
      assert.equal(JSON.parse(first).result.sequence, '1');
      assert.equal(JSON.parse(last).error.status, 'UNAVAILABLE');
    });

    test('that fails before its first message is a plain error', async () => {
      for (const accept of ['*/*', 'text/event-stream']) {
        const response = await send({ path: '/v1/books:watch?count=0', headers: { accept } });
        assert.equal(response.status, 404);
        assert.equal(response.headers['content-type'], 'application/json');
        assert.equal(JSON.parse(response.text).error.message, 'there is no such shelf');
      }
    });

    test('is a stream of events with ids if Accept asks for it', async () => {
      const headers = { accept: 'text/event-stream', 'last-event-id': '41' };
      const response = await send({ path: '/v1/books:watch?count=2', headers });
      assert.equal(response.headers['content-type'], 'text/event-stream');
      const events = response.text.split('\n\n');
      assert.match(events[0] ?? '', /^id: 1\ndata: \{"book":.*"sequence":"1"\}$/);
      assert.match(events[1] ?? '', /^id: 2\ndata: /);
      assert.equal(events[2], 'event: end\ndata: {}');
      const context = server.seen.contexts.at(-1);
      assert.equal(context?.requestHeader.get('last-event-id'), '41');
    });

    test('goes on behind the last event that the caller has seen, whatever its URL says', async (t) => {
      const resuming = await startLibrary({ version, resumeField: 'count' });
      t.after(() => resuming.close());
      const ask = async (query: string, id: string) => {
        const headers = { accept: 'text/event-stream', 'last-event-id': id };
        const { text } = await sender(
          resuming,
          version,
        )({ path: `/v1/books:watch${query}`, headers });
        return text.match(/^data: \{"book/gm)?.length ?? text;
      };
      assert.equal(await ask('', '3'), 3);
      assert.equal(await ask('?count=1', '3'), 3);
      assert.equal(await ask('?count=1', ''), 1);
      assert.match(String(await ask('', 'x')), /count: expected int32/);
    });

    test('tells of a failure in an event of its own', async () => {
      const headers = { accept: 'text/event-stream' };
      const { text } = await send({ path: '/v1/books:watch?count=3&fail_after=2', headers });
      assert.match(text, /\n\nevent: error\ndata: \{"error":\{"code":503,.*\}\n\n$/);
    });

    test('ends with the deadline, and says so', async () => {
      const headers = { 'x-server-timeout': '0.05' };
      const path = '/v1/books:watch?count=1&fail_after=-1';
      const { text } = await send({ path, headers });
      assert.match(text, /"DEADLINE_EXCEEDED"/);
    });

    test('sends a comment while it is silent', async () => {
      const headers = { accept: 'text/event-stream', 'connect-timeout-ms': '150' };
      const path = '/v1/books:watch?count=1&fail_after=-1';
      const { text } = await send({ path, headers });
      assert.match(text, /\n\n: still here\n\n/);
    });

    test('of HttpBody messages is their bytes', async () => {
      const response = await send({ path: `${book}/text` });
      assert.equal(response.headers['content-type'], 'text/plain');
      assert.equal(response.text, 'shelves/1/books/2\nthe end');
    });

    test('of HttpBody messages is cut off if it fails, so that nobody takes it for whole', async () => {
      await assert.rejects(send({ path: '/v1/shelves/1/books/torn/text' }));
    });

    test('is cut off if its reader takes nothing for long', async (t) => {
      const stalled = await startLibrary({ version, limits: { stalledMs: 50 } });
      const path = '/v1/books:watch?count=2000000000';
      if (version === 1) {
        const request = h1Request(stalled.url + path).on('error', () => undefined);
        t.after(() => request.destroy());
        request.end();
        await once(request, 'response');
      } else {
        const session = h2Connect(stalled.url).on('error', () => undefined);
        t.after(() => session.destroy());
        await once(
          session.request({ ':path': path }).on('error', () => undefined),
          'response',
        );
      }
      t.after(() => stalled.close());
      await stalled.seen.watchEnded;
    });

    test('answers HEAD without running on', async () => {
      const response = await send({ method: 'HEAD', path: '/v1/books:watch?count=1' });
      assert.equal(response.status, 405);
    });
  });

  describe(`an upload over HTTP/${version}`, () => {
    let server: LibraryServer;
    let send: Send;
    before(async () => {
      server = await startLibrary({ version, limits: { uploadBytesMax: 100_000 } });
      send = sender(server, version);
    });
    after(() => server.close());

    const path = `${book}/text?note=n`;
    const headers = { 'content-type': 'text/plain' };

    test('carries path, query and type in its first message only', async () => {
      const body = 'x'.repeat(100_000);
      const uploaded = JSON.parse((await send({ method: 'POST', path, headers, body })).text);
      const { chunks, ...facts } = uploaded;
      assert.deepEqual(facts, {
        name: 'shelves/1/books/2',
        note: 'n',
        contentType: 'text/plain',
        size: '100000',
      });
      assert.ok(chunks >= 1);
    });

    test('may be empty', async () => {
      const uploaded = JSON.parse((await send({ method: 'POST', path })).text);
      assert.equal(uploaded.name, 'shelves/1/books/2');
      assert.equal(uploaded.chunks, 1);
    });

    test('may be compressed, and is limited by its true size', async () => {
      const zipped = { ...headers, 'content-encoding': 'gzip' };
      const post = (body: Uint8Array) => send({ method: 'POST', path, headers: zipped, body });
      const fits = await post(gzipSync(Buffer.alloc(100_000)));
      assert.equal(JSON.parse(fits.text).size, '100000');
      const bomb = await post(gzipSync(Buffer.alloc(1_000_000)));
      assert.equal(bomb.status, 413);
      const broken = await post(Buffer.from('no gzip'));
      assert.equal(broken.status, 400);
    });

    test('that is too large is answered, not cut off', async () => {
      const body = 'x'.repeat(2_000_000);
      const response = await send({ method: 'POST', path, headers, body });
      assert.equal(response.status, 413);
    });

    test('with a bad query is refused before any of it is read', async () => {
      const bad = { method: 'POST', path: `${path}&bogus=1`, headers, body: 'x' };
      assert.equal((await send(bad)).status, 400);
    });

    test('can be answered as it goes', async () => {
      const body = 'abc'.repeat(20_000);
      const response = await send({ method: 'POST', path: '/v1/shout', headers, body });
      assert.equal(response.headers['content-type'], 'text/plain');
      assert.equal(response.text, body.toUpperCase());
    });
  });
}

describe('a caller who goes away', () => {
  test('aborts the call over HTTP/1', async () => {
    const server = await startLibrary();
    try {
      const path = '/v1/books:watch?count=1&fail_after=-1';
      const sent = h1Request(`${server.url}${path}`).end();
      const [response] = await once(sent, 'response');
      await once(response, 'data');
      sent.destroy();
      await server.seen.watchEnded;
      assert.equal(server.seen.contexts[0]?.signal.aborted, true);
    } finally {
      await server.close();
    }
  });

  test('aborts the call over HTTP/2', async () => {
    const server = await startLibrary({ version: 2 });
    const session = h2Connect(server.url);
    try {
      const stream = session.request({ ':path': '/v1/books:watch?count=1&fail_after=-1' });
      await once(stream, 'data');
      stream.close(8);
      await server.seen.watchEnded;
      assert.equal(server.seen.contexts[0]?.signal.aborted, true);
    } finally {
      session.close();
      await server.close();
    }
  });

  test('without having read what was sent does not leave the implementation hanging', async () => {
    const server = await startLibrary();
    try {
      const sent = h1Request(`${server.url}/v1/books:watch?count=100000000`).end();
      const [response] = await once(sent, 'response');
      response.pause();
      // The socket's buffers are full once the server has stopped asking for more.
      await once(response, 'readable');
      sent.destroy();
      await server.seen.watchEnded;
    } finally {
      await server.close();
    }
  });
});
