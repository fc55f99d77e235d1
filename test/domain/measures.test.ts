import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMeasured,
  distributionOf,
  measure,
  measures,
  nothingMeasured,
} from '../../src/domain/measures.js';

test('a value counts in the first bucket whose bound it does not exceed', () => {
  const row = nothingMeasured();
  const bounds = measures.commit;
  measure(row, 'commit', 0.001);
  measure(row, 'commit', 0.0010001, 3);
  measure(row, 'commit', 99);
  const { counts, sum } = distributionOf(row, 'commit');
  assert.equal(counts.length, bounds.length + 1);
  assert.equal(counts[bounds.indexOf(0.001)], 1);
  assert.equal(counts[bounds.indexOf(0.0025)], 3);
  assert.equal(counts[bounds.length], 1);
  assert.ok(Math.abs(sum - 99.0040003) < 1e-9);
  for (const other of ['decode', 'score', 'endToEnd', 'batchRecords'] as const) {
    assert.ok(
      distributionOf(row, other).counts.every((count) => count === 0),
      other,
    );
    assert.equal(distributionOf(row, other).sum, 0);
  }
});

test('a value below zero, as of a clock that is ahead, counts as zero', () => {
  const row = nothingMeasured();
  measure(row, 'endToEnd', -5, 2);
  const { counts, sum } = distributionOf(row, 'endToEnd');
  assert.deepEqual([counts[0], sum], [2, 0]);
});

test('rows are added, and what was known before is taken off', () => {
  const [before, now, total] = [nothingMeasured(), nothingMeasured(), nothingMeasured()];
  measure(before, 'batchRecords', 10);
  addMeasured(now, before);
  measure(now, 'batchRecords', 70_000, 2);
  addMeasured(total, now, before);
  const { counts, sum } = distributionOf(total, 'batchRecords');
  assert.deepEqual([counts.at(-1), counts.reduce((a, b) => a + b), sum], [2, 2, 140_000]);
});
