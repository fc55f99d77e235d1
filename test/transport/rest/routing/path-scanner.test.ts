import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { httpStatusOf } from '../../../../src/transport/rest/errors.js';
import {
  decodeMany,
  decodeOne,
  scanQuery,
  scanTarget,
  segmentKey,
} from '../../../../src/transport/rest/routing/path-scanner.js';

function isRefused(reason: unknown): boolean {
  return reason instanceof ConnectError && httpStatusOf(reason) === 400;
}

describe('scanning a request target', () => {
  test('cuts it without decoding anything', () => {
    const target = scanTarget('/v1/a%2Fb/caf%c3%a9?x=%2F&y');
    assert.deepEqual(target, {
      rawPath: '/v1/a%2Fb/caf%c3%a9',
      rawQuery: 'x=%2F&y',
      segments: ['v1', 'a%2Fb', 'caf%c3%a9'],
      keys: ['v1', 'a%2Fb', 'café'],
      emptySegmentAt: -1,
    });
  });

  test('gives the root no segments', () => {
    assert.deepEqual(scanTarget('/').segments, []);
    assert.deepEqual(scanTarget('/?a=b').segments, []);
  });

  test('says where a segment is empty', () => {
    assert.equal(scanTarget('/a//b').emptySegmentAt, 1);
    assert.equal(scanTarget('/a/b/').emptySegmentAt, 2);
    assert.equal(scanTarget('//').emptySegmentAt, 0);
  });

  const refused = [
    '',
    '*',
    'a',
    'http://host/v1',
    'HTTP://host/v1',
    '//..',
    '/.',
    '/..',
    '/../a',
    '/a/./b',
    '/a/..',
    '/a/%2e',
    '/a/%2E%2e/b',
    '/a/.%2e/b',
    '/a/x%2F..%2Fy',
    '/a/%2F..',
    '/a/..%2f',
    '/a/..:start',
    '/a/%2e%2e:start',
    '/a\\b',
    '/a%5cb',
    '/a%5C..%5Cb',
    '/a%00b',
    '/a%0d%0ab',
    '/a%7F',
    '/a%',
    '/a%2',
    '/a%zz',
    '/a%ff',
    '/a%c0%af',
    '/a%ed%a0%80',
    '/a#b',
    '/a?b#c',
    '/a b',
    '/caf\u00e9',
    '/a?caf\u00e9',
    '/a\u0000',
  ];
  for (const target of refused) {
    test(`refuses ${JSON.stringify(target)}`, () => {
      assert.throws(() => scanTarget(target), isRefused);
    });
  }

  test('lets dots that are no dot segments pass', () => {
    for (const path of ['/...', '/.a', '/a.', '/..a', '/a..b', '/a:..', '/%2e%2e%2e']) {
      assert.equal(scanTarget(path).segments.length, 1, path);
    }
  });

  test('gives back every string that was escaped into one segment', () => {
    const safe = fc
      .string({ unit: 'grapheme' })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are refused in paths
      .filter((text) => text !== '' && !/[\x00-\x1f\x7f\\/]|^\.\.?(?:$|:)/.test(text));
    fc.assert(
      fc.property(safe, (text) => {
        const [segment = ''] = scanTarget(`/${encodeURIComponent(text)}`).segments;
        assert.equal(decodeOne(segment), text);
        assert.equal(decodeMany([segment, segment]), `${text}/${text}`);
      }),
    );
  });

  test('never yields a segment that leads elsewhere, whatever the target', () => {
    const pieces = fc.constantFrom('/', '.', '%2e', '%2F', '%5c', '\\', 'a', ':', '%', '%00', '?');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const target = `/${parts.join('')}`;
        let scanned: ReturnType<typeof scanTarget>;
        try {
          scanned = scanTarget(target);
        } catch (reason) {
          assert.ok(isRefused(reason));
          return;
        }
        const values = scanned.segments.flatMap((raw) => decodeURIComponent(raw).split('/'));
        assert.ok(!values.includes('.') && !values.includes('..'));
        if (scanned.emptySegmentAt < 0 && !/%2f/i.test(target)) {
          assert.equal(new URL(target, 'http://host').pathname, scanned.rawPath);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('decoding a segment', () => {
  test('as a single capture refuses an escaped slash', () => {
    assert.equal(decodeOne('a%20b%3Ac'), 'a b:c');
    assert.throws(() => decodeOne('a%2Fb'), isRefused);
    assert.throws(() => decodeOne('a%2fb'), isRefused);
  });

  test('as part of a longer capture keeps an escaped slash as written', () => {
    assert.equal(decodeMany(['a%20b', 'c%2fd%2Fe']), 'a b/c%2fd%2Fe');
  });

  test('makes equal keys for equal meanings, and different keys for different ones', () => {
    assert.equal(segmentKey('%61%2fb'), segmentKey('a%2Fb'));
    assert.notEqual(segmentKey('a%252Fb'), segmentKey('a%2Fb'));
    assert.notEqual(segmentKey('a%2525'), segmentKey('a%25'));
  });

  test('decodes every escape of a character above the control ones', () => {
    for (let code = 0x20; code < 0x7f; code++) {
      const escaped = `%${code.toString(16).padStart(2, '0')}`;
      if (!['%2f', '%5c'].includes(escaped)) {
        assert.equal(decodeOne(escaped), String.fromCharCode(code));
      }
    }
  });
});

describe('scanning a query', () => {
  const cases: readonly [query: string | undefined, pairs: [string, string][]][] = [
    [undefined, []],
    ['', []],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['=b', [['', 'b']]],
    ['a=b=c', [['a', 'b=c']]],
    [
      'a=1&&b=2&',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=x+y%2Bz', [['a', 'x y+z']]],
    ['a%20b=%F0%9F%98%80', [['a b', '😀']]],
    ['a=1;b=2', [['a', '1;b=2']]],
  ];
  for (const [query, pairs] of cases) {
    test(`${query} is ${JSON.stringify(pairs)}`, () => {
      assert.deepEqual(scanQuery(query, 10), pairs);
    });
  }

  test('refuses broken escapes and too many parameters', () => {
    assert.throws(() => scanQuery('a=%', 10), isRefused);
    assert.throws(() => scanQuery('%zz=1', 10), isRefused);
    assert.throws(() => scanQuery('a=%ff', 10), isRefused);
    assert.equal(scanQuery('a&b&c', 3).length, 3);
    assert.throws(() => scanQuery('a&b&c&d', 3), isRefused);
  });

  test('reads what URLSearchParams writes', () => {
    const pairs = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string()));
    fc.assert(
      fc.property(pairs, (written) => {
        const kept = written.filter(([name, value]) => name !== '' || value !== '');
        assert.deepEqual(
          scanQuery(new URLSearchParams(written).toString(), 1_000).length,
          written.length,
        );
        assert.deepEqual(scanQuery(new URLSearchParams(kept).toString(), 1_000), kept);
      }),
    );
  });
});
