import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import { overdueOf } from '../../src/domain/health.js';
import { limits } from '../../src/domain/limits.js';
import { type Runner, withProgress } from '../../src/domain/run.js';
import type { RunnerReport } from '../../src/domain/runner-report.js';
import { sampleExecution } from './sample-task.js';

const now = 1_000_000;
const partitions = [{ partition: 0, offset: 10, endOffset: 110, lag: 100 }];
const lagging = { counters: noCounters, partitions, percentComplete: 9 };

function runnerSaying(reason: string): Runner {
  const condition = { type: 'KafkaConnected', status: 'FALSE', reason, message: '' } as const;
  const report: RunnerReport = {
    ...lagging,
    loopAgeMs: 0,
    progressAgeMs: limits.stallRestartMs + 1,
    memoryBytes: 0,
    recordsPerSecond: 0,
    modelSha256: '',
    conditions: [condition],
  };
  const startedAt = now - limits.startMs - 1;
  const alive = { startedAt, heartbeatAt: now, ready: true, conditions: [] };
  return { epoch: 1, processId: 7, report, ...alive };
}

test('a runner that stalls is replaced, unless it has no brokers', () => {
  const execution = sampleExecution({ progress: lagging });
  assert.equal(overdueOf(execution, runnerSaying('RUNNER_ERROR'), now)?.reason, 'STALLED');
  assert.equal(overdueOf(execution, runnerSaying('KAFKA_UNREACHABLE'), now), undefined);
});

test('a runner that takes long to begin is replaced, unless it has no brokers', () => {
  const execution = sampleExecution({ state: 'STARTING' });
  assert.equal(overdueOf(execution, runnerSaying('RUNNER_ERROR'), now)?.reason, 'START_TIMEOUT');
  assert.equal(overdueOf(execution, runnerSaying('KAFKA_UNREACHABLE'), now), undefined);
});

test('a runner without brokers that falls silent is replaced all the same', () => {
  const silent = {
    ...runnerSaying('KAFKA_UNREACHABLE'),
    heartbeatAt: now - 2 * limits.leaseMs - 1,
  };
  assert.equal(overdueOf(sampleExecution(), silent, now)?.reason, 'LEASE_EXPIRED');
});

test('a runner that is getting ready knows of fewer partitions; from one that is ready, fewer are fewer', () => {
  const [first] = partitions;
  assert.ok(first);
  const known = { ...lagging, partitions: [first, { ...first, partition: 1 }] };
  const execution = sampleExecution({ progress: known });
  const runner = runnerSaying('CONNECTED');
  const { report } = runner;
  assert.ok(report);
  const starting = withProgress({ execution, runner: { ...runner, ready: false } }, report);
  assert.deepEqual(starting.progress, known);
  // The topic was made anew with one.
  assert.deepEqual(withProgress({ execution, runner }, report).progress, lagging);
});
