import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import type { RunnerReport } from '../../src/domain/runner-report.js';
import { Heartbeats } from '../../src/supervisor/heartbeats.js';
import { observationOf } from '../../src/supervisor/observation.js';
import { sampleExecution } from '../domain/sample-task.js';

const report: RunnerReport = {
  loopAgeMs: 0,
  progressAgeMs: 0,
  memoryBytes: 1,
  recordsPerSecond: 0,
  counters: noCounters,
  partitions: [],
  percentComplete: 0,
  modelSha256: '',
  conditions: [],
};
const runner = { epoch: 2, processId: 7, startedAt: 0, heartbeatAt: 1_000, ready: true };
const run = { execution: sampleExecution(), runner: { ...runner, conditions: [] } };
const { taskId } = run.execution;

test('a runner whose heartbeat was not stored yet is alive', () => {
  const heartbeats = new Heartbeats();
  heartbeats.hear(taskId, { epoch: 2, at: 60_000, report });
  assert.equal(observationOf(run, 61_000).processIsAlive, false);
  assert.equal(observationOf(heartbeats.seenIn(run), 61_000).processIsAlive, true);
});

test('a heartbeat of an earlier runner, or an older one, changes nothing', () => {
  const heartbeats = new Heartbeats();
  heartbeats.hear(taskId, { epoch: 1, at: 60_000, report });
  assert.equal(heartbeats.seenIn(run), run);
  heartbeats.hear(taskId, { epoch: 2, at: 900, report });
  assert.equal(heartbeats.seenIn(run), run);
  heartbeats.hear(taskId, { epoch: 2, at: 60_000, report });
  heartbeats.forget(taskId);
  assert.equal(heartbeats.seenIn(run), run);
});
