import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Execution } from '../../src/domain/execution.js';
import { limits } from '../../src/domain/limits.js';
import type { Store } from '../../src/domain/ports.js';
import type { Task } from '../../src/domain/task.js';
import { applyRetention } from '../../src/service/retention.js';
import { sampleExecution } from '../domain/sample-task.js';
import { irisTask, openWorld, upload } from './world.js';

const hour = 3_600_000;

/** Writes executions 1 to `count` of a task, which ended an hour after each other. */
async function insertExecutions(
  store: Store,
  task: Task,
  { count, firstEndedAt, change = {} }: Inserted,
): Promise<void> {
  await store.write(async (writes) => {
    for (let number = 1; number <= count; number += 1) {
      const id = await writes.nextId();
      const endedAt = firstEndedAt + number * hour;
      const own = { id, uid: randomUUID(), taskId: task.id, number, spec: task.spec };
      const execution = sampleExecution({ ...own, state: 'COMPLETED', endedAt, ...change });
      await writes.insertExecution(execution);
    }
  });
}

interface Inserted {
  readonly count: number;
  readonly firstEndedAt: number;
  readonly change?: Partial<Execution>;
}

async function numbersOf(store: Store, task: Task): Promise<readonly number[]> {
  const all = await store.listExecutions(task.id, { limit: 5_000 });
  return all.map(({ number }) => number);
}

test('old history and old request ids are forgotten, young ones are kept', async (t) => {
  const { service, store, logs, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const requestId = randomUUID();
  const request = { parent: 'users/me', taskId: 't', task: irisTask, requestId };
  const { task } = await service.createTask(c1, request);
  const retainAfter = (ms: number) =>
    applyRetention({ store, logs, clock: { now: () => Date.now() + ms } });
  await retainAfter(0);
  assert.equal((await store.listEvents(task.id, { limit: 9 })).length, 1);
  assert.ok(await store.answerOf('c1', requestId));
  await retainAfter(limits.requestIdMaxAgeMs + 60_000);
  assert.equal(await store.answerOf('c1', requestId), undefined);
  await retainAfter(limits.eventsMaxAgeMs + 60_000);
  assert.equal((await store.listEvents(task.id, { limit: 9 })).length, 0);
});

test('the newest executions of a task are kept, and of those only what is younger than a year', async (t) => {
  const { service, store, logs, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const define = async (taskId: string) =>
    (await service.createTask(c1, { parent: 'users/me', taskId, task: irisTask })).task;
  const now = Date.now();
  const busy = await define('busy');
  await insertExecutions(store, busy, { count: 2_300, firstEndedAt: now - 2_300 * hour });
  const seldom = await define('seldom');
  const firstEndedAt = now - limits.executionsMaxAgeMs - 5 * hour;
  await insertExecutions(store, seldom, { count: 9, firstEndedAt });
  const idle = await define('idle');
  await insertExecutions(store, idle, { count: 3, firstEndedAt: 1 });
  const never = await define('never');
  const forgotten = await applyRetention({ store, logs, clock: { now: () => now } });
  assert.equal(forgotten.executions, 1_300 + 4 + 2);
  const kept = await numbersOf(store, busy);
  assert.deepEqual(
    [kept.length, kept[0], kept.at(-1)],
    [limits.executionsPerTaskMax, 2_300, 1_301],
  );
  assert.deepEqual(await numbersOf(store, seldom), [9, 8, 7, 6, 5]);
  assert.deepEqual(await numbersOf(store, idle), [3], 'the newest one says what became of a task');
  assert.deepEqual(await numbersOf(store, never), []);
  assert.equal((await applyRetention({ store, logs, clock: { now: () => now } })).executions, 0);
});

test('an execution that has not ended is kept, however old it is', async (t) => {
  const { service, store, logs, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const request = { parent: 'users/me', taskId: 't', task: irisTask };
  const { task } = await service.createTask(c1, request);
  await store.write(async (writes) => {
    for (const number of [1, 2]) {
      const own = { id: await writes.nextId(), uid: randomUUID(), taskId: task.id, number };
      await writes.insertExecution(sampleExecution({ ...own, spec: task.spec }));
    }
  });
  const clock = { now: () => Date.now() };
  assert.equal((await applyRetention({ store, logs, clock })).executions, 0);
  assert.deepEqual(await numbersOf(store, task), [2, 1]);
});
