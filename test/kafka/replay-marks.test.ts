import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReplayMarks } from '../../src/kafka/replay-marks.js';

function stored(marks: ReplayMarks): ReplayMarks {
  return ReplayMarks.from({ offset: marks.upTo, metadata: marks.text ?? '' }, 0);
}

test('single marks are kept with the offset, until it passes them', () => {
  const marks = stored(ReplayMarks.from(undefined, 10).with([70, 12, 15]));
  const marked = Array.from({ length: 90 }, (_, offset) => offset).filter((it) => marks.has(it));
  assert.deepEqual(marked, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 70]);
  const later = stored(marks.through(20));
  assert.deepEqual(
    [later.upTo, later.has(19), later.has(20), later.has(70)],
    [20, true, false, true],
  );
  assert.equal(later.through(71).text, '');
});

test('more single marks than Kafka keeps with an offset are refused', () => {
  const far = Array.from({ length: 3_000 }, (_, index) => 1_000 * (index + 1));
  assert.equal(ReplayMarks.from(undefined, 0).with(far).text, undefined);
  const near = Array.from({ length: 1_500 }, (_, index) => 2 * (index + 1));
  assert.equal(stored(ReplayMarks.from(undefined, 0).with(near)).has(3_000), true);
});
