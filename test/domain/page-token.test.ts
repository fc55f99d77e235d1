import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.js';
import { pageLimit, pageToken, parsePageToken } from '../../src/domain/page-token.js';

test('a token is read back for its own query, and for no other', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.string(), fc.string(), (value, id, query, other) => {
      const token = pageToken(['tasks', query], [value, id]);
      assert.match(token, /^[\w-]+$/);
      assert.deepEqual(parsePageToken(token, ['tasks', query], ['string', 'number']), [value, id]);
      const wrong = () => parsePageToken(token, ['tasks', other], ['string', 'number']);
      if (other !== query) assert.throws(wrong, DomainError);
    }),
  );
});

test('a text that is no token is refused and never breaks the parser', () => {
  const texts = fc.oneof(fc.string({ minLength: 1 }), fc.base64String({ minLength: 1 }));
  fc.assert(
    fc.property(texts, (text) => {
      assert.throws(() => parsePageToken(text, ['q'], ['number']), DomainError);
    }),
  );
  for (const key of ['text', 0.5, -1, 1e300, 2 ** 53]) {
    const token = pageToken(['q'], [key]);
    assert.throws(() => parsePageToken(token, ['q'], ['number']), DomainError, `${key}`);
  }
});

test('a page has a size of its own, a chosen one, or the greatest', () => {
  assert.equal(pageLimit(0), 50);
  assert.equal(pageLimit(7), 7);
  assert.equal(pageLimit(1_000_000), 1_000);
  assert.throws(() => pageLimit(-1), DomainError);
});
