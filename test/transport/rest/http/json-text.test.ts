import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { httpStatusOf } from '../../../../src/transport/rest/errors.js';
import { parseJsonBody } from '../../../../src/transport/rest/http/json-text.js';

const depthMax = 4;

function parse(text: string): unknown {
  return parseJsonBody(Buffer.from(text), depthMax);
}

function isRefused(reason: unknown): boolean {
  return reason instanceof ConnectError && httpStatusOf(reason) === 400;
}

describe('a JSON body', () => {
  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        assert.deepEqual(parse(JSON.stringify(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  const refused = [
    '',
    ' ',
    '{',
    '{"a":1',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '[1,]',
    '01',
    'NaN',
    'undefined',
    '"a',
    '"a\\"',
    '{} {}',
    '\ufeff{}',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '[{"a":{"b":1,"b":1}}]',
    '{"a":{},"b":[],"a":1}',
    '[[[[[]]]]]',
    '{"a":{"a":{"a":{"a":{}}}}}',
    '[[[[[',
    '"\n"',
  ];
  for (const text of refused) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => parse(text), isRefused);
    });
  }

  test('may repeat a name in different objects, as a value, and inside strings', () => {
    parse('[{"a":"a"},{"a":["a","a"]}]');
    parse('{"a":{"a":{"a":"a"}},"b":"{\\"b\\":1,\\"b\\":[[[[["}');
    parse('{"a\\\\":1,"a":2}');
  });

  test('may be as deep as allowed', () => {
    parse('[[[[]]]]');
    parse('[[],[[]],[[[]]]]');
  });

  test('must be valid UTF-8', () => {
    const bodies = [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ];
    for (const bytes of bodies) {
      assert.throws(() => parseJsonBody(Buffer.from(bytes), depthMax), isRefused);
    }
    assert.equal(parse('"\u00e9\u{1f600}"'), '\u00e9\u{1f600}');
  });

  test('of hostile shape is refused at once', () => {
    const bodies = [
      '['.repeat(1e6),
      '\\"'.repeat(5e5),
      `"${'\\'.repeat(1e6)}`,
      '"'.repeat(1e6 + 1),
    ];
    const started = performance.now();
    for (const body of bodies) {
      assert.throws(() => parse(body), isRefused);
    }
    assert.ok(performance.now() - started < 2_000);
  });
});
