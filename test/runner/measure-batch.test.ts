import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import { distributionOf, nothingMeasured } from '../../src/domain/measures.js';
import { measureBatch } from '../../src/runner/measure-batch.js';

function batchOf(recordsIn: number, times: readonly number[]) {
  const counters = { ...noCounters, recordsIn };
  const spent = { decodeMs: 2, scoreMs: 20 };
  return { sends: [], counters, nextOffset: 0, startedAt: 0, spent, times, span: undefined };
}

function endToEnd(recordsIn: number, times: readonly number[]) {
  const row = nothingMeasured();
  measureBatch(row, { batch: batchOf(recordsIn, times), commitMs: 5 }, 10_000);
  const { counts, sum } = distributionOf(row, 'endToEnd');
  return { row, count: counts.reduce((a, b) => a + b), sum };
}

test('the times of some records stand for all records of a batch', () => {
  const { row, count, sum } = endToEnd(10, [9_000, 9_500, 10_000]);
  assert.equal(count, 10);
  assert.equal(sum, 4 * 1 + 3 * 0.5);
  assert.equal(distributionOf(row, 'batchRecords').sum, 10);
  assert.equal(distributionOf(row, 'decode').sum, 0.002);
  assert.equal(distributionOf(row, 'score').sum, 0.02);
  assert.equal(distributionOf(row, 'commit').sum, 0.005);
});

test('records without a time have no age, and a batch without records is none', () => {
  assert.equal(endToEnd(2, [-1, 9_000]).count, 1);
  const { row } = endToEnd(0, []);
  assert.ok(row.every((value) => value === 0));
});
