import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import {
  countersFrom,
  formatOffsetNote,
  parseOffsetNote,
  partitionsAtStart,
} from '../../src/runner/offset-note.js';

const most = Number.MAX_SAFE_INTEGER;
const counters = { recordsIn: most, recordsOut: 2, recordsDeadLettered: 3, recordsSkipped: 4 };

describe('the note beside a committed offset', () => {
  it('reads back as it was written, and is short enough for every broker', () => {
    const note = { execution: 7, task: '01234567', counters, partitions: 100_000 };
    assert.deepEqual(parseOffsetNote(formatOffsetNote(note)), note);
    assert.ok(formatOffsetNote(note).length < 200);
  });

  it('counts for its own execution and task only', () => {
    const taskUid = '0b8e1d0a-6f0f-4c51-9c2e-0d6a4f1d7a11';
    const text = formatOffsetNote({ execution: 7, task: taskUid, counters });
    assert.deepEqual(countersFrom(text, { taskUid, executionNumber: 7 }), counters);
    assert.deepEqual(countersFrom(text, { taskUid, executionNumber: 8 }), noCounters);
    const other = { taskUid: '1b8e1d0a-6f0f-4c51-9c2e-0d6a4f1d7a11', executionNumber: 7 };
    assert.deepEqual(countersFrom(text, other), noCounters);
    // Of a release that did not say whose it is.
    assert.deepEqual(countersFrom(formatOffsetNote({ execution: 7, counters }), other), counters);
  });

  it('is not made of what somebody else committed', () => {
    for (const text of ['', 'hello', 'null', '[]', '{}', '{"predictd":1,"execution":1,"in":-1}']) {
      assert.equal(parseOffsetNote(text), undefined, text);
    }
  });

  it('tells partitions that the task began with from those that were added', () => {
    const committed = (...notes: [number, number | undefined][]) =>
      new Map(
        notes.map(([partition, partitions]) => {
          const metadata = formatOffsetNote({ execution: 1, counters, partitions });
          return [partition, { metadata }];
        }),
      );
    assert.equal(partitionsAtStart(new Map(), 6), 6);
    // Killed before it came to the others.
    assert.equal(partitionsAtStart(committed([0, 4]), 6), 4);
    // An idle partition keeps what was noted first.
    assert.equal(partitionsAtStart(committed([0, 6], [1, 4], [5, 6]), 6), 4);
    // An older release, or a tool that set the offsets.
    assert.equal(partitionsAtStart(committed([0, undefined], [2, undefined]), 6), 3);
    assert.equal(partitionsAtStart(new Map([[1, { metadata: '' }]]), 6), 2);
  });
});
