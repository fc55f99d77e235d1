import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Execution } from '../../src/domain/execution.js';
import { sampleExecution, sampleTask, sampleUser, temporaryStore } from './support.js';

const first = { after: 0, limit: 100 };

function counted(execution: Execution, recordsIn: number): Execution {
  const counters = {
    recordsIn,
    recordsOut: recordsIn - 1,
    recordsDeadLettered: 1,
    recordsSkipped: 0,
  };
  return {
    ...execution,
    state: 'COMPLETED',
    endedAt: 1_700_000_000_001,
    restartCount: 2,
    progress: { counters, partitions: [], percentComplete: 100 },
  };
}

test('what a task counted goes on when its old executions are forgotten', async (t) => {
  const { store } = await temporaryStore(t);
  const task = sampleTask(1);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(task);
  });
  const [empty] = await store.listTallies(undefined, first);
  assert.deepEqual(empty?.newest, undefined);
  assert.equal(empty?.settled.counters.recordsIn, 0);
  for (const number of [1, 2, 3]) {
    await store.write(async (writes) => {
      const execution = sampleExecution(number + 1, task, number);
      await writes.insertExecution(execution);
      await writes.updateExecution(counted(execution, 10 ** number));
    });
  }
  const [before] = await store.listTallies(undefined, first);
  assert.deepEqual(before?.settled, {
    counters: { recordsIn: 110, recordsOut: 108, recordsDeadLettered: 2, recordsSkipped: 0 },
    restarts: 4,
  });
  assert.deepEqual([before?.newest?.number, before?.newest?.counters.recordsIn], [3, 1_000]);
  await store.write((writes) => writes.deleteExecutions(1, 1, 2));
  assert.deepEqual(await store.listTallies('ann', first), [before]);
  assert.deepEqual(await store.listTallies('bob', first), []);
  await store.write((writes) => writes.deleteTask(1));
  assert.deepEqual(await store.listTallies(undefined, first), []);
});

test('tallies come in pages, in the order of ids', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    for (const id of [1, 2, 3]) await writes.insertTask(sampleTask(id));
  });
  const ids = async (after: number) =>
    (await store.listTallies(undefined, { after, limit: 2 })).map(({ taskId }) => taskId);
  assert.deepEqual([await ids(0), await ids(2)], [[1, 2], [3]]);
});
