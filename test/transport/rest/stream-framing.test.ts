import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { HttpBodySchema } from '../../../gen/ts/google/api/httpbody_pb.js';
import { bindingsOf } from '../../../src/transport/rest/routing/http-rule.js';
import {
  eventStream,
  newlineDelimited,
  rawStream,
} from '../../../src/transport/rest/stream-framing.js';
import { LibraryService, WatchBooksResponseSchema } from './gen/library/v1/library_pb.js';

const asJson = { message: () => ({ text: 'a\nb' }), error: () => ({ error: { code: 500 } }) };
const failure = new ConnectError('x', Code.Internal);
const message = create(WatchBooksResponseSchema, {
  sequence: 9_007_199_254_740_993n,
  book: { title: 'Emma', name: 'a\nb' },
});

describe('newline-delimited framing', () => {
  test('keeps every message on one line', () => {
    const framing = newlineDelimited(asJson);
    assert.equal(framing.frame(message), '{"result":{"text":"a\\nb"}}\n');
    assert.equal(framing.fail(failure), '{"error":{"code":500}}\n');
    assert.equal(framing.end(), '');
    assert.equal(framing.heartbeat, undefined);
  });
});

describe('event stream framing', () => {
  const ids: readonly [field: string | undefined, line: string][] = [
    [undefined, ''],
    ['sequence', 'id: 9007199254740993\n'],
    ['book.title', 'id: Emma\n'],
    ['book.pageCount', ''],
    ['book.name', ''],
    ['nothing', ''],
    ['book', ''],
    ['book.tags', ''],
  ];
  for (const [field, line] of ids) {
    test(`takes the id from ${field}: ${JSON.stringify(line)}`, () => {
      const framing = eventStream(WatchBooksResponseSchema, asJson, field);
      assert.equal(framing.frame(message), `${line}data: {"text":"a\\nb"}\n\n`);
    });
  }

  test('leaves the id out where its message is not set', () => {
    const framing = eventStream(WatchBooksResponseSchema, asJson, 'book.title');
    assert.equal(framing.frame(create(WatchBooksResponseSchema)), 'data: {"text":"a\\nb"}\n\n');
  });

  test('marks failures, the end and silence', () => {
    const framing = eventStream(WatchBooksResponseSchema, asJson, undefined);
    assert.equal(framing.fail(failure), 'event: error\ndata: {"error":{"code":500}}\n\n');
    assert.equal(framing.end(), 'event: end\ndata: {}\n\n');
    assert.match(framing.heartbeat ?? '', /^:.*\n\n$/);
  });
});

describe('raw framing', () => {
  const [binding] = bindingsOf(LibraryService.method.downloadText);
  assert.ok(binding);
  const framing = rawStream(binding);

  test('takes the type from the first message', () => {
    const first = create(HttpBodySchema, { contentType: 'text/csv' });
    assert.equal(framing.contentType(first), 'text/csv');
    assert.equal(framing.contentType(undefined), 'application/octet-stream');
  });

  test('cannot tell of a failure', () => {
    assert.equal(framing.fail(failure), undefined);
  });
});
