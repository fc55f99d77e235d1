import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptsGzip, mediaType, negotiate } from '../../src/transport/accept.js';

describe('content negotiation', () => {
  const offered = ['application/json', 'text/turtle', 'text/uri-list'];
  const cases: readonly [accept: string | null, type: string | undefined][] = [
    [null, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/*', 'text/turtle'],
    ['text/uri-list', 'text/uri-list'],
    ['TEXT/URI-LIST', 'text/uri-list'],
    ['text/html, text/turtle', 'text/turtle'],
    ['application/json;q=0.5, text/turtle', 'text/turtle'],
    ['application/json;q=0.5, text/turtle;q=0.4', 'application/json'],
    ['text/turtle;q=0, text/*', 'text/uri-list'],
    ['application/json;q=0, */*;q=0.1', 'text/turtle'],
    ['text/turtle; charset=utf-8; q=0.9, */*;q=0.1', 'text/turtle'],
    ['text/html', undefined],
    ['application/json;q=0', undefined],
    ['application/json;q=2', undefined],
    ['application/json;q=x', undefined],
    [',,', undefined],
  ];
  for (const [accept, type] of cases) {
    test(`"${accept}" chooses ${type}`, () => {
      assert.equal(negotiate(accept, offered), type);
    });
  }

  test('compresses only for those who ask for it', () => {
    const accepted = ['gzip', 'gzip, br', 'br;q=1.0, gzip;q=0.2', '*', 'x-gzip', 'GZIP'];
    const refused = [null, '', 'br', 'identity', 'gzip;q=0', '*;q=0', 'gzip;q=0, *'];
    assert.deepEqual(
      accepted.map(acceptsGzip),
      accepted.map(() => true),
    );
    assert.deepEqual(
      refused.map(acceptsGzip),
      refused.map(() => false),
    );
  });

  test('reads the type of a content type', () => {
    assert.equal(mediaType(' Text/HTML ; charset=utf-8'), 'text/html');
    assert.equal(mediaType(''), '');
  });
});
