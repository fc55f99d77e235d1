import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create, createRegistry } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { HttpBodySchema } from '../../../gen/ts/google/api/httpbody_pb.js';
import { createJsonRepresentation } from '../../../src/transport/rest/json-representation.js';
import type { RestCall } from '../../../src/transport/rest/rest-call.js';
import { bindingsOf } from '../../../src/transport/rest/routing/http-rule.js';
import {
  eventStream,
  newlineDelimited,
  rawStream,
} from '../../../src/transport/rest/stream-framing.js';
import { LibraryService, WatchBooksResponseSchema } from './gen/library/v1/library_pb.js';

const asJson = { message: () => '{"text":"a\\nb"}', error: () => ({ error: { code: 500 } }) };
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

describe('the JSON of a stream', () => {
  test('is made once for all streams of a route that send the same message', () => {
    const representation = createJsonRepresentation({
      registry: createRegistry(),
      bodyBytesMax: 1,
      jsonDepthMax: 1,
      eventIdField: undefined,
    });
    const [route] = bindingsOf(LibraryService.method.watchBooks);
    const framingFor = (accept: string) => {
      const request = { header: new Headers({ accept }) };
      return representation.stream({ route, request } as unknown as RestCall);
    };
    const shared = create(WatchBooksResponseSchema, { sequence: 1n });
    const line = framingFor('*/*').frame(shared);
    shared.sequence = 2n;
    assert.equal(framingFor('*/*').frame(shared), line);
    assert.equal(`data: {"sequence":"1"}\n\n`, framingFor('text/event-stream').frame(shared));
    const another = create(WatchBooksResponseSchema, { sequence: 2n });
    assert.notEqual(framingFor('*/*').frame(another), line);
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
