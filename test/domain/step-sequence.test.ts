import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Execution, waitingReason, waitsForTurn } from '../../src/domain/execution.js';
import { admissible } from '../../src/domain/fleet.js';
import { step } from '../../src/domain/step.js';
import { sampleExecution } from './sample-task.js';

const context = { now: 5_000, random: () => 0 };
const waiting: Execution = {
  ...sampleExecution(),
  state: 'QUEUED',
  reason: waitingReason,
  continues: 7,
};

test('what waits for its turn gets no place, whatever is free', () => {
  assert.deepEqual(admissible([{ execution: waiting }], 4), []);
  const released = step({ execution: waiting }, { type: 'preceded', state: 'COMPLETED' }, context);
  assert.equal(admissible([released.run], 4).length, 1);
});

test('a sequence goes on after what completed, also with warnings', () => {
  for (const state of ['COMPLETED', 'COMPLETED_WITH_WARNINGS'] as const) {
    const { run, events } = step({ execution: waiting }, { type: 'preceded', state }, context);
    assert.equal(run.execution.state, 'QUEUED');
    assert.equal(waitsForTurn(run.execution), false);
    assert.equal(run.execution.continues, 7);
    assert.equal(events.length, 1);
  }
});

test('a sequence ends after anything else', () => {
  for (const state of ['FAILED', 'CANCELLED', undefined] as const) {
    const input = { type: 'preceded', ...(state ? { state } : {}) } as const;
    const { run, events } = step({ execution: waiting }, input, context);
    assert.deepEqual([run.execution.state, run.execution.reason], ['CANCELLED', 'SEQUENCE_BROKEN']);
    assert.equal(run.execution.endedAt, context.now);
    assert.equal(events[0]?.severity, 'WARNING');
  }
});

test('what does not wait hears nothing of it', () => {
  const queued: Execution = { ...waiting, reason: 'QUEUED' };
  const decided = step({ execution: queued }, { type: 'preceded', state: 'FAILED' }, context);
  assert.deepEqual(decided, { run: { execution: queued }, events: [], effects: [] });
});
