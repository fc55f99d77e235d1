import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conditionTypes, noCounters } from '../../src/domain/execution.js';
import { limits } from '../../src/domain/limits.js';
import type { State } from '../../src/domain/state.js';
import { deriveExecution, deriveStatus } from '../../src/domain/status.js';
import { sampleExecution, sampleLive, sampleTask } from './sample-task.js';

const task = sampleTask();
const now = 20_000;
const lagging = {
  counters: { ...noCounters, recordsIn: 50 },
  partitions: [
    { partition: 0, offset: 10, endOffset: 110, lag: 100 },
    { partition: 1, offset: 40, endOffset: 140, lag: 100 },
  ],
  percentComplete: 20,
};

test('a task that never ran is CREATED since it was made', () => {
  const status = deriveStatus(task, { processIsAlive: false }, now);
  assert.equal(status.state, 'CREATED');
  assert.equal(status.stateAt, task.createdAt);
  assert.equal(status.executionNumber, undefined);
});

test('a runner that answers is believed, and its rate gives an estimate', () => {
  const execution = sampleExecution({ progress: lagging });
  const observation = { execution, live: sampleLive(now), processIsAlive: true };
  const status = deriveStatus(task, observation, now);
  assert.equal(status.state, 'RUNNING');
  assert.equal(status.processIsAlive, true);
  assert.equal(status.lag, 200);
  assert.equal(status.estimatedEndAt, now + 2_000);
  assert.equal(status.conditions[0]?.status, 'TRUE');
  assert.equal(status.executionNumber, 3);
});

test('without a runner that runs, a running execution is UNKNOWN, and so is every condition that it tells', () => {
  const execution = sampleExecution({ progress: lagging });
  const status = deriveStatus(task, { execution, processIsAlive: false }, now);
  assert.deepEqual([status.state, status.reason], ['UNKNOWN', 'RUNNER_GONE']);
  assert.equal(status.recordsPerSecond, 0);
  assert.equal(status.estimatedEndAt, undefined);
  assert.equal(status.lag, 200);
  assert.deepEqual(
    status.conditions.map(({ type, status: holds }) => [type, holds]),
    // What the store knows by itself needs no runner.
    [...conditionTypes.map((type) => [type, 'UNKNOWN']), ['ModelUpToDate', 'TRUE']],
  );
});

test('an expired lease reads as UNKNOWN since it expired, in every state that has a runner', () => {
  const seenAt = now - limits.leaseMs;
  const live = sampleLive(seenAt);
  for (const state of ['STARTING', 'RUNNING', 'DEGRADED', 'STOPPING'] as const) {
    const execution = sampleExecution({ state });
    const status = deriveStatus(task, { execution, live, processIsAlive: false }, now);
    assert.deepEqual(
      [status.state, status.reason, status.stateAt],
      ['UNKNOWN', 'LEASE_EXPIRED', now],
    );
    const before = deriveStatus(task, { execution, live, processIsAlive: true }, now - 1);
    assert.equal(before.state, state);
  }
});

test('conditions are what the runner told last, until its lease is over', () => {
  const told = sampleLive(now, { loopAt: now - limits.loopMs });
  const execution = sampleExecution();
  const conditions = (processIsAlive: boolean, at: number) =>
    deriveStatus(task, { execution, live: told, processIsAlive }, at).conditions;
  // Its loop does not turn, but it says so itself.
  assert.deepEqual(conditions(false, now + 1)[0], told.conditions[0]);
  const leaseEnd = now + limits.leaseMs;
  for (const { status, reason, since } of conditions(false, leaseEnd + 7).slice(0, -1)) {
    assert.deepEqual([status, reason, since], ['UNKNOWN', 'LEASE_EXPIRED', leaseEnd]);
  }
});

test('the model is up to date since the newest change of models was over', () => {
  const active = { name: 'iris', sha256: 'ab' };
  const since = (settledAt?: number) => {
    const scoring = { active, ...(settledAt === undefined ? {} : { settledAt }) };
    const observation = { execution: sampleExecution({ scoring }), processIsAlive: false };
    return deriveStatus(task, observation, now).conditions.at(-1)?.since;
  };
  assert.equal(since(), 9_500);
  assert.equal(since(12_000), 12_000);
  assert.equal(since(1_000), 9_500);
});

test('states without a runner and final states are as they are written, however old', () => {
  const states: readonly State[] = [
    'QUEUED',
    'RESTARTING',
    'COMPLETED',
    'COMPLETED_WITH_WARNINGS',
    'CANCELLED',
    'FAILED',
  ];
  for (const state of states) {
    const execution = sampleExecution({ state });
    const status = deriveStatus(task, { execution, processIsAlive: false }, now + 1e9);
    assert.equal(status.state, state);
    assert.equal(status.processIsAlive, false);
  }
});

test('a runner of an older epoch is not believed', () => {
  const live = sampleLive(now, { epoch: 1 });
  const observation = { execution: sampleExecution(), live, processIsAlive: true };
  const status = deriveStatus(task, observation, now);
  assert.equal(status.state, 'UNKNOWN');
  assert.equal(status.processIsAlive, false);
});

test('alive, turning and progressing are three different things', () => {
  const execution = sampleExecution({ progress: lagging });
  const stuck = sampleLive(now, { loopAt: now - 9_000 });
  const loop = deriveStatus(task, { execution, live: stuck, processIsAlive: false }, now);
  assert.deepEqual([loop.state, loop.reason], ['DEGRADED', 'LOOP_STALLED']);
  const later = now + limits.stallMs;
  const idle = sampleLive(later, { progressAt: now });
  const stall = deriveStatus(task, { execution, live: idle, processIsAlive: true }, later);
  assert.deepEqual([stall.state, stall.reason], ['DEGRADED', 'STALLED']);
  const caughtUp = { execution: sampleExecution(), live: idle, processIsAlive: true };
  assert.equal(deriveStatus(task, caughtUp, later).state, 'RUNNING');
});

test('a completed execution is complete, and the next restart is only told while it is awaited', () => {
  const done = sampleExecution({ state: 'COMPLETED', nextRestartAt: 5, progress: lagging });
  const status = deriveStatus(task, { execution: done, processIsAlive: false }, now);
  assert.equal(status.percentComplete, 100);
  const warned = sampleExecution({ state: 'COMPLETED_WITH_WARNINGS', progress: lagging });
  assert.equal(
    deriveStatus(task, { execution: warned, processIsAlive: false }, now).percentComplete,
    100,
  );
  assert.equal(status.nextRestartAt, undefined);
  const waiting = sampleExecution({ state: 'RESTARTING', nextRestartAt: 5 });
  const wait = deriveStatus(task, { execution: waiting, processIsAlive: false }, now);
  assert.equal(wait.nextRestartAt, 5);
});

test('an execution is shown with the state that is true now', () => {
  const observation = { execution: sampleExecution(), processIsAlive: false };
  assert.equal(deriveExecution(observation, now)?.state, 'UNKNOWN');
  assert.equal(deriveExecution({ processIsAlive: false }, now), undefined);
});
