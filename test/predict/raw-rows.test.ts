import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Tensor } from 'onnxruntime-node';
import { float32Numbers } from '../../src/domain/float32.js';
import type { SourceRecord } from '../../src/kafka/source-record.js';
import { widened } from '../../src/predict/half-precision.js';
import { RawCollector } from '../../src/predict/raw-rows.js';
import { RawWriter } from '../../src/predict/raw-writer.js';

function collectorOf(columns: number, missingAsNan = false): RawCollector {
  const input = { name: 'x', type: 'float32', shape: [-1, columns] };
  return new RawCollector({ kind: 'raw', input, columns }, missingAsNan);
}

/** A record whose value lies behind `before` bytes of others, as in a fetched batch. */
function recordOf(value: Uint8Array | null, before = 0): SourceRecord {
  const bytes = Buffer.concat([Buffer.alloc(before, 0xff), value ?? Buffer.alloc(0)]);
  const facts = { keyStart: 0, keyLength: -1, headersStart: 0, headersEnd: 0, timestampMs: 0 };
  return { bytes, valueStart: before, valueLength: value?.length ?? -1, ...facts };
}

function rowOf(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeFloatLE(number, 4 * index);
  return bytes;
}

/** Wide rows are copied in another way than narrow ones. */
const columnsOf = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(784));

test('rows reach the tensor bit by bit, wherever they lie in their batch', () => {
  const rows = columnsOf.chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      rows: fc.array(
        fc.record({
          before: fc.nat(9),
          numbers: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
            minLength: columns,
            maxLength: columns,
          }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
    }),
  );
  fc.assert(
    fc.property(rows, ({ columns, rows: given }) => {
      const collector = collectorOf(columns);
      collector.begin(given.length);
      for (const { before, numbers } of given) {
        assert.equal(collector.add(recordOf(rowOf(numbers), before)), undefined);
      }
      const [feed] = collector.feeds(0, given.length);
      assert.deepEqual(feed?.dims, [given.length, columns]);
      const data = feed?.data as Float32Array;
      assert.deepEqual(
        [...data],
        given.flatMap(({ numbers }) => numbers),
      );
    }),
  );
});

test('a value that is no row of finite numbers is bad, and takes no row', () => {
  const collector = collectorOf(3);
  collector.begin(9);
  const cases = [
    [null, 'TOMBSTONE'],
    [Buffer.alloc(0), 'EMPTY'],
    [rowOf([1, 2]), 'WRONG_LENGTH'],
    [Buffer.alloc(13), 'WRONG_LENGTH'],
    [Buffer.from('{"features":[1,2,3]}'), 'WRONG_LENGTH'],
    [rowOf([1, Number.NaN, 3]), 'NOT_FINITE'],
    [rowOf([1, 2, Number.NEGATIVE_INFINITY]), 'NOT_FINITE'],
  ] as const;
  for (const [value, reason] of cases) {
    assert.equal(collector.add(recordOf(value))?.reason, reason);
    assert.equal(collector.rows, 0);
  }
  assert.match(collector.add(recordOf(rowOf([1, 2])))?.message ?? '', /8 bytes, not 12/);
  assert.equal(collector.add(recordOf(rowOf([1, 2, 3]))), undefined);
  assert.equal(collector.rows, 1);
});

test('NaN passes as a missing number only where that was said, infinities never do', () => {
  const collector = collectorOf(2, true);
  collector.begin(2);
  assert.equal(collector.add(recordOf(rowOf([Number.NaN, 1]))), undefined);
  const bad = collector.add(recordOf(rowOf([Number.NaN, Number.POSITIVE_INFINITY])));
  assert.match(bad?.message ?? '', /Number 1 is Infinity/);
  assert.deepEqual([...(collector.feeds(0, 1)[0]?.data ?? [])], [Number.NaN, 1]);
});

test('predictions are the rows of their outputs, by the names in the prediction', () => {
  const writer = new RawWriter([
    { member: 'z', output: 'scores' },
    { member: 'a', output: 'scores', cell: 1 },
    { member: 'k', output: 'flag' },
    { member: 'h', output: 'half' },
  ]);
  const outputs = new Map<string, Tensor>([
    ['scores', new Tensor('float32', new Float32Array([0.1, 0.2, 0.3, 1, 2, 3]), [2, 3])],
    ['flag', new Tensor('bool', new Uint8Array([1, 0]), [2])],
    ['half', widened(new Tensor('float16', new Uint16Array([0x3c00, 0xc000]), [2, 1]))],
  ]);
  writer.open(outputs, 2);
  const rows = [0, 1].map((row) => {
    writer.row(row);
    const { bytes, length } = writer.written;
    return float32Numbers(Buffer.from(bytes.subarray(0, length)));
  });
  assert.deepEqual(rows, [
    [0.2, 1, 1, 0.1, 0.2, 0.3],
    [2, -2, 0, 1, 2, 3],
  ]);
  assert.throws(() => writer.open(outputs, 3), /does not have 3 rows/);
});

test('what is written reads back bit by bit', () => {
  const row = fc.array(fc.float(), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(row, (numbers) => {
      const writer = new RawWriter([{ member: 'y', output: 'y' }]);
      const data = Float32Array.from(numbers);
      writer.open(new Map([['y', new Tensor('float32', data, [1, numbers.length])]]), 1);
      writer.row(0);
      const { bytes, length } = writer.written;
      assert.equal(length, 4 * numbers.length);
      for (const [index, number] of numbers.entries()) {
        assert.equal(bytes.readFloatLE(4 * index), number);
      }
      const shown = float32Numbers(bytes.subarray(0, length)) ?? [];
      // JSON has no zero below zero.
      assert.deepEqual(
        shown.map(Number).map(Math.fround),
        numbers.map((number) => number + 0),
      );
    }),
  );
});
