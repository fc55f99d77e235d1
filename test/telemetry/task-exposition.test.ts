import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounters } from '../../src/domain/execution.js';
import { measure, nothingMeasured } from '../../src/domain/measures.js';
import { states } from '../../src/domain/state.js';
import type { TaskSample } from '../../src/domain/task-sample.js';
import { taskExposition } from '../../src/telemetry/task-exposition.js';
import { readScrape } from '../support/scrape.js';

const now = 1_700_000_000_000;

function sample(name: string, some: Partial<TaskSample> = {}): TaskSample {
  const counters = { ...noCounters, recordsIn: 5 };
  return { user: 'ann', name, state: 'RUNNING', counters, restarts: 1, executions: 2, ...some };
}

function partitions(lags: readonly number[], oldestAt?: number) {
  const one = (lag: number, partition: number) => {
    const known = oldestAt === undefined ? {} : { oldestAt };
    return { partition, offset: 10, endOffset: 10 + lag, lag, ...known };
  };
  return { recordsPerSecond: 3, memoryBytes: 7, partitions: lags.map(one) };
}

test('a task is in exactly one state', () => {
  const seen = readScrape(taskExposition([sample('t', { state: 'DEGRADED' })], now));
  const lines = seen.of('predictd_task_state');
  assert.equal(lines.length, states.length);
  assert.deepEqual(
    lines.filter(({ value }) => value !== 0).map(({ labels }) => labels.state),
    ['DEGRADED'],
  );
});

test('lag in seconds is the age of the oldest record, 0 without one, absent while unknown', () => {
  const lag = (active: NonNullable<TaskSample['active']>) =>
    readScrape(taskExposition([sample('t', { active })], now)).value('predictd_task_lag_seconds', {
      user: 'ann',
      task: 't',
    });
  assert.equal(lag(partitions([4, 0], now - 2_500)), 2.5);
  assert.equal(lag(partitions([0, 0])), 0);
  assert.equal(lag(partitions([4])), undefined);
  assert.equal(lag(partitions([4], now + 60_000)), 0, 'a clock that is ahead');
});

test('histograms are cumulative and end with all', () => {
  const measured = nothingMeasured();
  measure(measured, 'batchRecords', 3);
  measure(measured, 'batchRecords', 1_000_000, 2);
  const seen = readScrape(taskExposition([sample('t', { measured })], now));
  const buckets = seen.of('predictd_task_batch_records_bucket');
  assert.deepEqual(
    buckets.map(({ value }) => value),
    [0, 1, 1, 1, 1, 1, 1, 1, 1, 3],
  );
  assert.equal(buckets.at(-1)?.labels.le, '+Inf');
  assert.equal(seen.of('predictd_task_batch_records_sum')[0]?.value, 2_000_003);
});

test('tasks beyond the bound are summed up as one, and it is told how many', () => {
  const measured = nothingMeasured();
  measure(measured, 'commit', 1);
  const tasks = ['a', 'b', 'c'].map((name) => sample(name, { measured, active: partitions([2]) }));
  const bounds = { metricTasksMax: 1, metricPartitionsMax: 10 };
  const seen = readScrape(taskExposition(tasks, now, bounds));
  const others = { user: '(others)', task: '(others)' };
  assert.equal(seen.value('predictd_metrics_tasks_summed'), 2);
  assert.equal(seen.value('predictd_metrics_partitions_summed'), 2);
  assert.equal(seen.value('predictd_task_records_in_total', others), 10);
  assert.equal(seen.value('predictd_task_lag_records', others), 4);
  assert.equal(seen.value('predictd_task_commit_duration_seconds_count', others), 2);
  assert.equal(seen.value('predictd_executions', { state: 'RUNNING' }), 3);
  assert.equal(seen.of('predictd_task_state').length, states.length);
});

test('counters that are not known are not shown, and no sum is made without them', () => {
  const { counters: _unknown, ...unknown } = sample('b');
  const tasks = [unknown, sample('c'), unknown];
  const counted = (metricTasksMax: number) => {
    const text = taskExposition(tasks, now, { metricTasksMax, metricPartitionsMax: 10 });
    return readScrape(text)
      .of('predictd_task_records_in_total')
      .map(({ labels }) => labels.task);
  };
  assert.deepEqual(counted(3), ['c']);
  assert.deepEqual(counted(1), []);
});

test('partitions of a task have series all or none, and its lag has them anyway', () => {
  const tasks = [
    sample('wide', { active: partitions([1, 1, 1]) }),
    sample('b', { active: partitions([5]) }),
  ];
  const bounds = { metricTasksMax: 10, metricPartitionsMax: 2 };
  const seen = readScrape(taskExposition(tasks, now, bounds));
  assert.deepEqual(
    seen.of('predictd_task_partition_lag_records').map(({ labels }) => labels.task),
    ['b'],
  );
  assert.equal(seen.value('predictd_metrics_partitions_summed'), 3);
  assert.equal(seen.value('predictd_task_lag_records', { user: 'ann', task: 'wide' }), 3);
});

test('whatever a name holds is told as it is', () => {
  const user = 'a"b\\c\nd';
  const seen = readScrape(taskExposition([sample('t', { user })], now));
  assert.equal(seen.of('predictd_task_restarts_total')[0]?.labels.user, user);
});
