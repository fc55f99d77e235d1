import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import { countersFrom, formatOffsetNote, parseOffsetNote } from '../../src/runner/offset-note.js';

const most = Number.MAX_SAFE_INTEGER;
const counters = { recordsIn: most, recordsOut: 2, recordsDeadLettered: 3, recordsSkipped: 4 };

describe('the note beside a committed offset', () => {
  it('reads back as it was written, and is short enough for every broker', () => {
    const note = { execution: 7, counters };
    assert.deepEqual(parseOffsetNote(formatOffsetNote(note)), note);
    assert.ok(formatOffsetNote(note).length < 200);
  });

  it('counts for its own execution only', () => {
    const text = formatOffsetNote({ execution: 7, counters });
    assert.deepEqual(countersFrom(text, 7), counters);
    assert.deepEqual(countersFrom(text, 8), noCounters);
  });

  it('is not made of what somebody else committed', () => {
    for (const text of ['', 'hello', 'null', '[]', '{}', '{"predictd":1,"execution":1,"in":-1}']) {
      assert.equal(parseOffsetNote(text), undefined, text);
    }
  });
});
