import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import { RunnerProgress } from '../../src/runner/progress.js';

describe('the progress of a bounded execution', () => {
  it('tells where every partition ends before any thread took it over, and is not over by that', () => {
    const progress = new RunnerProgress({ threads: 1, modelSha256: '', now: () => 0 });
    progress.planned({
      endOffsets: new Map([
        [0, 20],
        [1, 30],
        [2, 0],
      ]),
      begun: [{ partition: 0, offset: 20, endOffset: 20, counters: noCounters, progressAgeMs: 0 }],
      notBegun: [
        { partition: 1, offset: 10, endOffset: 30 },
        { partition: 2, offset: 0, endOffset: 0 },
      ],
    });
    const { partitions, percentComplete } = progress.report(0);
    assert.deepEqual(partitions, [
      { partition: 0, offset: 20, endOffset: 20, lag: 0 },
      { partition: 1, offset: 10, endOffset: 30, lag: 20 },
      { partition: 2, offset: 0, endOffset: 0, lag: 0 },
    ]);
    assert.equal(percentComplete, 0);
    assert.equal(progress.completed, false);
  });
});
