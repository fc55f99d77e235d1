import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskOrder, TaskQuery } from '../../src/domain/ports.js';
import type { State } from '../../src/domain/state.js';
import type { Task } from '../../src/domain/task.js';
import type { SqliteStore } from '../../src/store/store.js';
import {
  sampleExecution,
  sampleModel,
  sampleSpec,
  sampleTask,
  sampleUser,
  temporaryStore,
} from './support.js';

const sortValue = (task: Task, order: TaskOrder) => (order === 'name' ? task.name : task[order]);

/** All pages of two rows, one after another. */
async function allPages(store: SqliteStore, query: Omit<TaskQuery, 'limit'>): Promise<Task[]> {
  const found: Task[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last && { value: sortValue(last, query.order), id: last.id };
    const page = await store.listTasks({ ...query, ...(after && { after }), limit: 2 });
    if (page.length === 0) return found;
    found.push(...page);
  }
}

test('tasks are paged in every order, both ways, of one user and of all, each exactly once', async (t) => {
  const { store } = await temporaryStore(t);
  const tasks: Task[] = [];
  await store.write(async (writes) => {
    for (const [index, name] of ['ann', 'bob'].entries()) {
      await writes.insertUser({ ...sampleUser(name), id: index });
      for (const number of [5, 3, 4, 1, 2]) {
        const task = sampleTask(index * 10 + number, `t${number}`, name);
        const times = { createdAt: 5_000_000_000 + (number % 2), updatedAt: 100 - number };
        tasks.push({ ...task, ...times });
        await writes.insertTask({ ...task, ...times });
      }
    }
  });
  const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  for (const order of ['name', 'createdAt', 'updatedAt'] as const) {
    for (const descending of [false, true]) {
      for (const user of [undefined, 'bob']) {
        const expected = tasks
          .filter((task) => user === undefined || task.user === user)
          .sort((a, b) => compare(sortValue(a, order), sortValue(b, order)) || compare(a.id, b.id));
        if (descending) expected.reverse();
        const query = { order, descending, ...(user && { user }) };
        assert.deepEqual(await allPages(store, query), expected, JSON.stringify(query));
      }
    }
  }
});

test('tasks that use a model, users and models are found', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    for (const [id, name] of ['bob', 'ann', 'cid'].entries()) {
      await writes.insertUser({ ...sampleUser(name), id });
    }
    await writes.insertTask(sampleTask(10));
    await writes.insertTask(sampleTask(11));
    await writes.insertTask(sampleTask(12, 'x', 'bob'));
    const predictor = { ...sampleSpec.predictor, model: 'other' };
    await writes.updateTask({ ...sampleTask(11), spec: { ...sampleSpec, predictor } });
    await writes.insertModel(sampleModel(20, 'b'));
    await writes.insertModel(sampleModel(21, 'a'));
  });
  const ids = (rows: readonly { id: number }[]) => rows.map((row) => row.id);
  assert.deepEqual(ids(await store.tasksUsingModel('ann', 'iris', 10)), [10]);
  assert.deepEqual(ids(await store.tasksUsingModel('ann', 'other', 10)), [11]);
  assert.deepEqual(ids(await store.listUsers({ limit: 2 })), [1, 0]);
  assert.deepEqual(ids(await store.listUsers({ after: 'bob', limit: 2 })), [2]);
  assert.deepEqual(ids(await store.listModels('ann', { after: 'a', limit: 9 })), [20]);
  assert.equal(await store.countTasks('ann'), 2);
  assert.equal(await store.countModels('ann'), 2);
});

test('executions are paged newest first; those that have not ended are found apart', async (t) => {
  const { store } = await temporaryStore(t);
  const states: State[] = ['COMPLETED', 'FAILED', 'RUNNING', 'CANCELLED', 'QUEUED'];
  const task = sampleTask(1);
  const other = sampleTask(2, 'theirs', 'bob');
  await store.write(async (writes) => {
    for (const [id, name] of ['ann', 'bob'].entries()) {
      await writes.insertUser({ ...sampleUser(name), id });
    }
    await writes.insertTask(task);
    await writes.insertTask(other);
    for (const [index, state] of states.entries()) {
      await writes.insertExecution({ ...sampleExecution(10 + index, task, index + 1), state });
    }
    await writes.insertExecution({ ...sampleExecution(20, other, 1), state: 'STOPPING' });
  });
  const ids = (rows: readonly { id: number }[]) => rows.map((row) => row.id);
  assert.deepEqual(ids(await store.listExecutions(1, { limit: 2 })), [14, 13]);
  assert.deepEqual(ids(await store.listExecutions(1, { after: 4, limit: 9 })), [12, 11, 10]);
  assert.deepEqual(ids(await store.listExecutionsOfUser('ann', { limit: 2 })), [14, 13]);
  assert.deepEqual(ids(await store.listExecutionsOfUser('ann', { after: 12, limit: 1 })), [11]);
  assert.deepEqual(ids(await store.listExecutionsOfUser(undefined, { limit: 2 })), [20, 14]);
  assert.deepEqual(ids(await store.activeExecutions()), [12, 14, 20]);
  const ended = (user: string | undefined, after = 99) =>
    store.listExecutionsOfUser(user, { after, limit: 2 }, ['COMPLETED', 'FAILED', 'CANCELLED']);
  assert.deepEqual(ids(await ended('ann')), [13, 11]);
  assert.deepEqual(ids(await ended(undefined, 13)), [11, 10]);
  assert.deepEqual(ids(await ended('bob')), []);
  await store.write((writes) => writes.deleteTask(1));
  assert.deepEqual(ids(await store.activeExecutions()), [20]);
  assert.equal(await store.executionByNumber(1, 1), undefined);
});

test('executions that continue another one are found by it, oldest first', async (t) => {
  const { store } = await temporaryStore(t);
  const task = sampleTask(1);
  const other = sampleTask(2, 'downstream');
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser('ann'));
    await writes.insertTask(task);
    await writes.insertTask(other);
    await writes.insertExecution(sampleExecution(10, task, 1));
    await writes.insertExecution({ ...sampleExecution(12, other, 1), continues: 10 });
    await writes.insertExecution({ ...sampleExecution(11, task, 2), continues: 10 });
  });
  const found = async (id: number) =>
    (await store.executionsContinuing(id)).map((execution) => execution.id);
  assert.deepEqual(await found(10), [11, 12]);
  assert.deepEqual(await found(12), []);
});

test('tasks come with their newest execution in one read', async (t) => {
  let reads = 0;
  const observe = (operation: 'read' | 'write') => {
    if (operation === 'read') reads += 1;
  };
  const { store } = await temporaryStore(t, { observe });
  const [first, second, third] = [sampleTask(1), sampleTask(2), sampleTask(3)];
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    for (const task of [first, second, third]) await writes.insertTask(task);
    await writes.insertExecution(sampleExecution(10, first, 1));
    await writes.insertExecution(sampleExecution(11, second, 1));
    await writes.insertExecution(sampleExecution(12, first, 2));
  });
  const query = { user: 'ann', order: 'name', descending: false, limit: 10 } as const;
  assert.deepEqual(await store.listTasksWithNewest(query), [
    { task: first, newest: sampleExecution(12, first, 2) },
    { task: second, newest: sampleExecution(11, second, 1) },
    { task: third },
  ]);
  assert.deepEqual(await store.taskWithNewest('ann', second.name), {
    task: second,
    newest: sampleExecution(11, second, 1),
  });
  assert.deepEqual(await store.taskWithNewest('ann', third.name), { task: third });
  assert.equal(await store.taskWithNewest('bob', first.name), undefined);
  assert.equal(reads, 4);
});

test('progress is written only for the epoch that is current', async (t) => {
  const { store } = await temporaryStore(t);
  const task = sampleTask(1);
  const execution = { ...sampleExecution(2, task, 1), epoch: 5 };
  const progress = { ...execution.progress, percentComplete: 12.5 };
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(task);
    await writes.insertExecution(execution);
    await writes.updateProgress([{ ...execution, epoch: 4, progress }]);
  });
  assert.equal((await store.executionById(2))?.progress.percentComplete, 0);
  await store.write((writes) => writes.updateProgress([{ ...execution, progress }]));
  assert.deepEqual(await store.newestExecution(1), { ...execution, progress });
  const stale = store.write((writes) => writes.updateExecution({ ...execution, epoch: 4 }));
  await assert.rejects(stale, /epoch 5; a write of epoch 4 is stale/);
});

test('an execution keeps the spec that it was started with when its task changes', async (t) => {
  const { store } = await temporaryStore(t);
  const task = sampleTask(1);
  const changed = { ...task, generation: 2, spec: { ...sampleSpec, parallelism: 8 } };
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(task);
    await writes.insertExecution(sampleExecution(2, task, 1));
    await writes.updateTask(changed);
  });
  assert.equal((await store.newestExecution(1))?.spec.parallelism, 1);
  assert.equal((await store.taskById(1))?.spec.parallelism, 8);
  const both = await store.taskWithNewest(task.user, task.name);
  assert.deepEqual(both, { task: changed, newest: sampleExecution(2, task, 1) });
  const swapped = { ...sampleExecution(2, changed, 1) };
  await store.write((writes) => writes.updateExecution(swapped));
  assert.deepEqual(await store.newestExecution(1), swapped);
});
