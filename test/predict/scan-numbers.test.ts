import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { NumberScanner } from '../../src/predict/scan-numbers.js';
import {
  type NumberLayout,
  parseRecord,
  readNumbers,
  type ScanFailure,
} from '../../src/predict/scan-reference.js';

// Plain, not ASCII, only sayable with an escape, and known to objects.
const NAMES = ['a', 'b', 'sepal_length', 'größe', '名', 'q"uote', 'a\\b', '__proto__', ''];

describe('a scanned record equals a parsed one', () => {
  test('for records of named fields in any order, with others, twice, escaped and spaced', () => {
    fc.assert(fc.property(anyLayout('FIELDS'), recordText(), assertSame), { numRuns: 3000 });
  });

  test('for records with an array of features', () => {
    fc.assert(fc.property(anyLayout('FEATURES'), recordText(), assertSame), { numRuns: 3000 });
  });

  test('for records cut off or with bytes changed', () => {
    const byte = fc.constantFrom(...Buffer.from('{}[]",:\\-.eE+0 9nut\n\0\x80ÿ'));
    const changes = fc.record({
      cut: fc.option(fc.nat(), { freq: 4 }),
      bytes: fc.array(fc.tuple(fc.nat(), byte), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(completeRecord(), changes, ([layout, text], { cut, bytes }) => {
        const damaged = Buffer.from(text);
        for (const [at, byte] of bytes) damaged[at % damaged.length] = byte;
        assertSame(layout, damaged.subarray(0, cut === null ? undefined : cut % damaged.length));
      }),
      { numRuns: 20_000 },
    );
  });

  test('for every way to write a number', () => {
    const layout: NumberLayout = { kind: 'FIELDS', names: ['a'] };
    fc.assert(
      fc.property(decimal(), (text) => {
        assertSame(layout, `{"a":${text}}`);
        if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return;
        const expected = Math.fround(JSON.parse(text));
        const { row, failure } = scan(layout, Buffer.from(`{"a":${text}}`));
        if (failure === undefined) assert.ok(Object.is(row[0], expected), text);
        else assert.equal(Math.abs(expected), Number.POSITIVE_INFINITY);
      }),
      { numRuns: 20_000 },
    );
  });

  test('for doubles and float32 values as programs print them', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.float({ noNaN: true }));
    const layout: NumberLayout = { kind: 'FIELDS', names: ['a'] };
    fc.assert(
      fc.property(value.filter(Number.isFinite), (number) => {
        assertSame(layout, `{"a":${Object.is(number, -0) ? '-0' : JSON.stringify(number)}}`);
      }),
      { numRuns: 10_000 },
    );
  });

  test('for doubles around the middle between two float32 values', () => {
    const layout: NumberLayout = { kind: 'FIELDS', names: ['a'] };
    const near = fc.tuple(fc.integer({ min: 1, max: 0x7f7ffffe }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(near, fc.integer({ min: 16, max: 21 }), ([bits, steps], digits) => {
        const middle = (float32(bits) + float32(bits + 1)) / 2;
        assertSame(layout, `{"a":${doubleAfter(middle, steps).toPrecision(digits)}}`);
        assertSame(layout, `{"a":${JSON.stringify(doubleAfter(middle, steps))}}`);
      }),
      { numRuns: 10_000 },
    );
  });

  test('for numbers at the edges of rounding', () => {
    for (const text of EDGES) {
      for (const sign of ['', '-']) {
        assertSame({ kind: 'FIELDS', names: ['a'] }, `{"a":${sign}${text}}`);
      }
    }
  });
});

describe('the scanner', () => {
  test('reads usual records without the parser', () => {
    const scanner = new NumberScanner({ kind: 'FIELDS', names: ['a', 'b', 'c'] });
    const out = new Float32Array(6);
    const usual = [
      '{"a":5.1,"b":3.5,"c":-0.20}',
      '{ "c" : 1e-3, "note": "größer \\u00e9 \\n", "x":[1,{"y":null}], "b":2,\t' +
        '"a":0.3651471805599453 }',
    ];
    for (const text of usual) assert.equal(scanner.scan(range(text), out, 3), undefined);
    assert.equal(scanner.slowRecords, 0);
    assert.deepEqual([...out], [0, 0, 0, Math.fround(0.3651471805599453), 2, Math.fround(0.001)]);
  });

  test('reads a record that lies between others', () => {
    const scanner = new NumberScanner({ kind: 'FEATURES', width: 2 });
    const bytes = Buffer.from('12{"features":[1,2]}34');
    const out = new Float32Array(2);
    assert.equal(scanner.scan({ bytes, valueStart: 2, valueLength: 18 }, out, 0), undefined);
    assert.deepEqual([...out], [1, 2]);
    assert.notEqual(scanner.scan({ bytes, valueStart: 2, valueLength: 17 }, out, 0), undefined);
  });

  test('makes NaN of null and absent fields when asked to', () => {
    const scanner = new NumberScanner({
      kind: 'FIELDS',
      names: ['a', 'b', 'c'],
      missingAsNaN: true,
    });
    const out = new Float32Array(3);
    assert.equal(scanner.scan(range('{"b":null,"c":2}'), out, 0), undefined);
    assert.deepEqual([...out], [Number.NaN, Number.NaN, 2]);
    assert.equal(scanner.slowRecords, 0);
  });

  test('takes the last of equal names, as JSON.parse does', () => {
    const layout: NumberLayout = { kind: 'FIELDS', names: ['a'] };
    assert.equal(scan(layout, Buffer.from('{"a":1,"a":2}')).row[0], 2);
    assert.equal(scan(layout, Buffer.from('{"a":"x","\\u0061":3}')).row[0], 3);
  });

  test('refuses a layout that names a field twice', () => {
    assert.throws(() => new NumberScanner({ kind: 'FIELDS', names: ['a', 'a'] }), /named twice/);
  });

  const fields: NumberLayout = { kind: 'FIELDS', names: ['a', 'b'] };
  const features: NumberLayout = { kind: 'FEATURES', width: 2 };
  const refused: [NumberLayout, string, Partial<ScanFailure>][] = [
    [fields, '{"a":1}', { reason: 'FIELD_MISSING', field: 'b', message: 'Field "b" is missing' }],
    [
      fields,
      '{"a":1,"b":"2"}',
      { reason: 'WRONG_TYPE', message: 'Field "b" is a string, not a number' },
    ],
    [
      fields,
      '{"a":1,"b":null}',
      { reason: 'WRONG_TYPE', message: 'Field "b" is null, not a number' },
    ],
    [fields, '{"a":1e39,"b":2}', { reason: 'OUT_OF_RANGE', field: 'a' }],
    [fields, '{"a":1e400,"b":2}', { reason: 'OUT_OF_RANGE', field: 'a' }],
    [
      fields,
      '[1,2]',
      { reason: 'NOT_AN_OBJECT', message: 'The record is an array, not an object' },
    ],
    [fields, '{"a":1,"b":2', { reason: 'INVALID_JSON' }],
    [fields, '{"a":1,"b":2}{', { reason: 'INVALID_JSON' }],
    [fields, '{"a":01,"b":2}', { reason: 'INVALID_JSON' }],
    [fields, '{"a":NaN,"b":2}', { reason: 'INVALID_JSON' }],
    [fields, '\ufeff{"a":1,"b":2}', { reason: 'INVALID_JSON' }],
    [fields, '', { reason: 'INVALID_JSON' }],
    [fields, `{"a":1,"b":2,"x":${'['.repeat(64)}${']'.repeat(64)}}`, { reason: 'TOO_DEEP' }],
    [features, '{}', { reason: 'FIELD_MISSING', field: 'features' }],
    [features, '{"features":{"0":1}}', { reason: 'WRONG_TYPE', field: 'features' }],
    [
      features,
      '{"features":[1,2,3]}',
      { reason: 'WRONG_LENGTH', message: 'Field "features" has 3 elements, not 2' },
    ],
    [features, '{"features":[1,true]}', { reason: 'WRONG_TYPE', field: 'features[1]' }],
  ];
  for (const [layout, text, expected] of refused) {
    const shown = text.length > 30 ? `${text.slice(0, 30)}…` : text;
    test(`refuses ${shown} with ${expected.reason}`, () => {
      assertSame(layout, text);
      for (const [key, value] of Object.entries(expected)) {
        assert.equal(scan(layout, Buffer.from(text)).failure?.[key as keyof ScanFailure], value);
      }
    });
  }

  test('refuses bytes that are not UTF-8, and a record without a value', () => {
    const broken = Buffer.concat([
      Buffer.from('{"a":1,"b":2,"x":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    assert.equal(scan(fields, broken).failure?.message, 'The record is not JSON: it is not UTF-8');
    const none = { bytes: broken, valueStart: 4, valueLength: -1 };
    const failure = new NumberScanner(fields).scan(none, new Float32Array(2), 0);
    assert.equal(failure?.reason, 'NO_VALUE');
  });

  test('takes sixty-four levels and ends ten million brackets at once', () => {
    const deep = `{"a":1,"b":2,"x":${'['.repeat(63)}${']'.repeat(63)}}`;
    assert.equal(scan(fields, Buffer.from(deep)).failure, undefined);
    const bomb = Buffer.alloc(10_000_000, '[');
    assert.equal(
      scan(fields, Buffer.concat([Buffer.from('{"a":'), bomb])).failure?.reason,
      'TOO_DEEP',
    );
  });
});

const EDGES = [
  '3.4028235677973366e38',
  '3.4028235677973362e38',
  '340282356779733661637539395458142568447',
  '340282356779733661637539395458142568448',
  '1.17549435e-38',
  '1.401298464324817e-45',
  '7.006492321624085e-46',
  '7.006492321624086e-46',
  '16777217',
  '16777217.000000000000001',
  '16777216.9999999999999999',
  '1.000000059604645',
  '1.0000000596046447',
  '1.00000005960464477539062500',
  '1.00000005960464477539062501',
  '1.00000005960464477539062499',
  '9007199254740993',
  '123456789012345678901234567890',
  '0.000000000000000000000000000000000000000000001',
  '1e22',
  '1e23',
  '1E+2',
  '0e99999999999',
  '1e-99999999999',
  '0.0',
  '0',
];

type Outcome = { row: Float32Array; failure: ScanFailure | undefined };

function assertSame(layout: NumberLayout, record: string | Buffer): void {
  const bytes = Buffer.from(record);
  const scanned = scan(layout, bytes);
  const parsed = parse(layout, bytes);
  assert.deepEqual(scanned.failure, parsed.failure);
  if (parsed.failure !== undefined) return;
  for (const [column, value] of parsed.row.entries()) {
    assert.ok(Object.is(scanned.row[column], value), `${scanned.row[column]} is not ${value}`);
  }
}

function scan(layout: NumberLayout, bytes: Buffer): Outcome {
  const scanner = new NumberScanner(layout);
  const row = new Float32Array(scanner.width);
  return { row, failure: scanner.scan(range(bytes), row, 0) };
}

function parse(layout: NumberLayout, bytes: Buffer): Outcome {
  const row = new Float32Array(layout.kind === 'FIELDS' ? layout.names.length : layout.width);
  const parsed = parseRecord(range(bytes));
  if ('failure' in parsed) return { row, failure: parsed.failure };
  return { row, failure: readNumbers(parsed.fields, layout, { out: row, at: 0 }) };
}

function range(record: string | Buffer) {
  const bytes = Buffer.from(record);
  return { bytes, valueStart: 0, valueLength: bytes.length };
}

function anyLayout(kind: NumberLayout['kind']): fc.Arbitrary<NumberLayout> {
  const missingAsNaN = fc.boolean();
  return kind === 'FIELDS'
    ? fc.record({
        kind: fc.constant('FIELDS' as const),
        names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
        missingAsNaN,
      })
    : fc.record({ kind: fc.constant('FEATURES' as const), width: fc.nat(3), missingAsNaN });
}

function float32(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0] ?? 0;
}

function doubleAfter(value: number, steps: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] = (bits[0] ?? 0n) + BigInt(steps);
  return new Float64Array(bits.buffer)[0] ?? 0;
}

/** A layout, and a record that has all it asks for and some other members. */
function completeRecord(): fc.Arbitrary<[NumberLayout, string]> {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
  const other = fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 3 }));
  return fc
    .tuple(anyLayout('FIELDS'), fc.infiniteStream(number), fc.array(other, { maxLength: 3 }))
    .chain(([layout, numbers, others]) => {
      const names = layout.kind === 'FIELDS' ? layout.names : [];
      const next = () => numbers.next().value;
      const members = [...others, ...names.map((name) => [name, next()] as const)].map(
        ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
      );
      return fc
        .shuffledSubarray(members, { minLength: members.length })
        .map((list): [NumberLayout, string] => [layout, `{${list.join(', ')}}`]);
    });
}

function decimal(): fc.Arbitrary<string> {
  const digits = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
  const exponent = fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(2));
  return fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(digits(3), digits(25)),
      fc.option(fc.oneof(digits(6), digits(25))),
      fc.option(exponent),
    )
    .map(
      ([sign, integer, fraction, power]) =>
        `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${power?.join('') ?? ''}`,
    );
}

/**
 * Members of an object as text: mostly layout names with numbers, with all that JSON allows around
 * them.
 */
function recordText(): fc.Arbitrary<string> {
  const space = fc.constantFrom('', '', '', ' ', '\n', '\t\r ');
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    decimal(),
    fc.constantFrom('-0', '0', '1e400', '1e39', 'null', '"1"'),
  );
  const numbers = fc.array(number, { maxLength: 4 }).map((list) => `[${list.join(',')}]`);
  const other = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value));
  const value = fc.oneof(
    { weight: 6, arbitrary: number },
    { weight: 3, arbitrary: numbers },
    other,
  );
  const name = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...NAMES, 'features', 'features') },
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const key = fc.tuple(name, fc.nat(9)).map(([text, style]) => writeKey(text, style));
  const member = fc
    .tuple(space, key, space, space, value, space)
    .map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`);
  const members = fc.array(member, { maxLength: 7 });
  return fc
    .tuple(space, members, space, space)
    .map(([a, list, b, c]) => `${a}{${list.length === 0 ? b : list.join(',')}}${c}`);
}

function writeKey(text: string, style: number): string {
  if (style > 0) return JSON.stringify(text);
  const escaped = Array.from({ length: text.length }, (_, i) =>
    text.charCodeAt(i).toString(16).padStart(4, '0'),
  );
  return `"${escaped.map((code) => `\\u${code}`).join('')}"`;
}
