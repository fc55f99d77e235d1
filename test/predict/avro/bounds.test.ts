import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro, { type Schema, type Type } from 'avsc';
import fc from 'fast-check';
import { AvroBoundsError, compileBounds } from '../../../src/predict/avro/bounds.js';

function typeOf(schema: Schema): Type {
  return avro.Type.forSchema(schema, { wrapUnions: false });
}

const everything: Schema = {
  type: 'record',
  name: 'Everything',
  fields: [
    { name: 'flag', type: 'boolean' },
    { name: 'small', type: 'int' },
    { name: 'large', type: 'long' },
    { name: 'single', type: 'float' },
    { name: 'double', type: 'double' },
    { name: 'text', type: 'string' },
    { name: 'bytes', type: 'bytes' },
    { name: 'maybe', type: ['null', 'double'] },
    { name: 'list', type: { type: 'array', items: 'double' } },
    { name: 'map', type: { type: 'map', values: 'int' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B', 'C'] } },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 4 } },
    {
      name: 'inner',
      type: { type: 'record', name: 'Inner', fields: [{ name: 'x', type: ['int', 'string'] }] },
    },
  ],
};

test('whatever the encoder writes passes to its last byte, and nothing that is cut off does', () => {
  const type = typeOf(everything);
  const check = compileBounds(type);
  const value = fc.record({
    flag: fc.boolean(),
    small: fc.integer(),
    large: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    single: fc.float({ noNaN: true }),
    double: fc.double({ noNaN: true }),
    text: fc.string({ maxLength: 200 }),
    bytes: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    maybe: fc.option(fc.double({ noNaN: true })),
    list: fc.array(fc.double({ noNaN: true }), { maxLength: 80 }),
    map: fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.integer(), { maxKeys: 5 }),
    kind: fc.constantFrom('A', 'B', 'C'),
    hash: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    inner: fc.record({ x: fc.oneof(fc.integer(), fc.string()) }),
  });
  fc.assert(
    fc.property(value, fc.nat(), (fields, cut) => {
      const bytes = type.toBuffer(fields);
      assert.equal(check(bytes, 0, bytes.length), bytes.length);
      const end = cut % bytes.length;
      assert.throws(() => check(bytes.subarray(0, end), 0, end), AvroBoundsError);
    }),
    { numRuns: 200 },
  );
});

test('any bytes are either refused or decoded without trouble', () => {
  const type = typeOf(everything);
  const check = compileBounds(type);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
      const bytes = Buffer.from(given);
      try {
        if (check(bytes, 0, bytes.length) !== bytes.length) return;
      } catch (error) {
        assert.ok(error instanceof AvroBoundsError);
        return;
      }
      // Numbers beyond 53 bits are the only thing that the decoder may still refuse.
      try {
        type.fromBuffer(bytes);
      } catch (error) {
        assert.match(String(error), /precision|overflow/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a few bytes cannot announce millions of items', () => {
  const list = compileBounds(typeOf({ type: 'array', items: 'string' }));
  const count = Buffer.from([0x80, 0xc2, 0xd7, 0x2f]);
  const before = performance.now();
  assert.throws(() => list(count, 0, count.length), AvroBoundsError);
  const negative = Buffer.from([0xff, 0xc1, 0xd7, 0x2f, 0x02, 0x00]);
  assert.throws(() => list(negative, 0, negative.length), AvroBoundsError);
  const map = compileBounds(typeOf({ type: 'map', values: 'null' }));
  assert.throws(() => map(count, 0, count.length), AvroBoundsError);
  assert.ok(performance.now() - before < 100);
});

test('schemas that have no bounds are refused', () => {
  const nothing: Schema = { type: 'record', name: 'Nothing', fields: [] };
  const items: Schema[] = ['null', nothing, { type: 'fixed', name: 'Empty', size: 0 }];
  for (const each of items) {
    const type = typeOf({ type: 'array', items: each });
    assert.throws(() => compileBounds(type), /items have no bytes/);
  }
  const list = typeOf({
    type: 'record',
    name: 'Node',
    fields: [{ name: 'next', type: ['null', 'Node'] }],
  });
  assert.throws(() => compileBounds(list), /recursive/);
  let deep: Schema = 'int';
  for (let depth = 0; depth < 40; depth += 1) deep = { type: 'array', items: deep };
  assert.throws(() => compileBounds(typeOf(deep)), /deeper/);
});
