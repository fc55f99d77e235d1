import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  brotliCompressSync,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzipSync,
} from 'node:zlib';
import { create } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { PATH } from './echo-service.js';
import { dialH2, requestH2, startEcho } from './harness.js';

const LONG = Array.from({ length: 20_000 }, (_, i) => `task ${i * 7919}`).join(' ');
const JSON_TEXT = JSON.stringify(LONG);

const CALL = { ':method': 'POST', ':path': PATH.say, 'content-type': 'application/json' };

const longAnswer = { say: () => create(StringValueSchema, { value: LONG }) };

test('brotli is offered at quality 4, not at the costly default of 11', async (t) => {
  const server = await startEcho(t, longAnswer);
  const head = { ...CALL, 'accept-encoding': 'br' };
  const answer = await requestH2(dialH2(t, server.url), head, '""');
  assert.equal(answer.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(answer.body).toString(), JSON_TEXT);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 4 };
  assert.equal(answer.body.length, brotliCompressSync(JSON_TEXT, { params }).length);
});

test('gzip is offered, and short answers are sent as they are', async (t) => {
  const server = await startEcho(t, {
    say: ({ value }) => create(StringValueSchema, { value: value || LONG }),
  });
  const session = dialH2(t, server.url);
  const long = await requestH2(session, { ...CALL, 'accept-encoding': 'gzip' }, '""');
  assert.equal(gunzipSync(long.body).toString(), JSON_TEXT);
  const short = await requestH2(session, { ...CALL, 'accept-encoding': 'gzip' }, '"hi"');
  assert.equal(short.headers['content-encoding'], undefined);
});

for (const [name, bomb] of [
  ['gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024, 'a'))],
  [
    'br',
    brotliCompressSync(Buffer.alloc(64 * 1024 * 1024, 'a'), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    }),
  ],
] as const) {
  test(`a ${name} body that inflates past the message limit is refused`, async (t) => {
    const server = await startEcho(t);
    const head = { ...CALL, 'content-encoding': name };
    const answer = await requestH2(dialH2(t, server.url), head, bomb);
    assert.equal(answer.status, 429);
    assert.match(answer.body.toString(), /resource_exhausted/);
  });
}

test('an answer over the write limit is an error, not a memory hog', async (t) => {
  const server = await startEcho(t, longAnswer, { limits: { writeMaxBytes: 1000 } });
  const answer = await requestH2(dialH2(t, server.url), CALL, '""');
  assert.equal(answer.status, 429);
});
