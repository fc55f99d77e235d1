import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Execution } from '../../src/domain/execution.js';
import { fails, irisTask, openWorld, upload, type World } from './world.js';

const parent = 'users/me';

/** c1 has the tasks a and b; a runs. */
async function withTasks(t: TestContext): Promise<World & { readonly first: Execution }> {
  const world = await openWorld(t);
  const { service, c1 } = world;
  await upload(service, c1, 'iris');
  for (const taskId of ['a', 'b']) {
    await service.createTask(c1, { parent, taskId, task: irisTask });
  }
  const { execution } = await service.startTask(c1, { name: `${parent}/tasks/a` });
  return { ...world, first: execution };
}

test('an execution is found by its number and by its UUID in any case', async (t) => {
  const { service, c1, first } = await withTasks(t);
  for (const id of [String(first.id), first.uid, first.uid.toUpperCase()]) {
    const report = await service.findExecution(c1, { id });
    assert.equal(report.execution.uid, first.uid);
    assert.equal(report.outcome, 'UNDER_WAY');
    assert.equal(report.task, 'users/c1/tasks/a');
  }
});

test('an id that no execution can have is refused, and one that none has is not found', async (t) => {
  const { service, c1, first } = await withTasks(t);
  const malformed = [
    '',
    '0',
    '-1',
    '1.5',
    `0${first.id}`,
    'x',
    '../1',
    `${first.uid}0`,
    '1'.repeat(19),
  ];
  for (const id of malformed) {
    await assert.rejects(service.findExecution(c1, { id }), fails('INVALID_FIELD', 'id'), id);
    await assert.rejects(service.cancelExecution(c1, { id }), fails('INVALID_FIELD', 'id'), id);
  }
  const absent = ['999999', '9'.repeat(18), '00000000-0000-4000-8000-000000000000'];
  for (const id of absent) {
    await assert.rejects(service.findExecution(c1, { id }), fails('EXECUTION_NOT_FOUND'), id);
  }
});

test('a cancelled execution stays cancelled, until its task is started again', async (t) => {
  const { service, c1, first } = await withTasks(t);
  const id = String(first.id);
  assert.equal((await service.cancelExecution(c1, { id })).outcome, 'CANCELLED');
  assert.equal((await service.cancelExecution(c1, { id })).outcome, 'CANCELLED');
  const { execution: second } = await service.startTask(c1, { name: `${parent}/tasks/a` });
  await service.cancelExecution(c1, { id });
  const running = await service.findExecution(c1, { id: second.uid });
  assert.equal(running.outcome, 'UNDER_WAY', 'cancelling the old one leaves the new one alone');
});

test('a cancel that comes late leaves the execution that began meanwhile alone', async (t) => {
  const { service, supervisor, c1, first } = await withTasks(t);
  const stop = supervisor.stop.bind(supervisor);
  supervisor.stop = async (task, request) => {
    await supervisor.end(task, 'COMPLETED', 'users/c1');
    await service.startTask(c1, { name: `${parent}/tasks/a` });
    await stop(task, request);
  };
  const report = await service.cancelExecution(c1, { id: first.uid });
  assert.equal(report.execution.state, 'COMPLETED');
  const { execution: second } = await service.findTaskRun(c1, { id: first.taskId });
  assert.equal(second?.number, 2);
  assert.equal(second?.state, 'RUNNING');
});

test('only what was completed or started again is resumed by what continues it', async (t) => {
  const { service, store, supervisor, c1, first } = await withTasks(t);
  const [a, b] = [await store.taskByName('c1', 'a'), await store.taskByName('c1', 'b')];
  assert.ok(a && b);
  await supervisor.end(a, 'FAILED', 'supervisor');
  const next: Execution = { ...first, id: 901, uid: 'next', taskId: b.id, continues: first.id };
  await store.write((writes) => writes.insertExecution(next));
  const report = () => service.findExecution(c1, { id: first.uid });
  const become = async (state: Execution['state']) => {
    await store.write((writes) => writes.updateExecution({ ...first, state, epoch: 9 }));
    const { outcome, resumedBy } = await report();
    return [outcome, resumedBy?.id];
  };
  assert.deepEqual(await become('FAILED'), ['FAILED', undefined]);
  assert.deepEqual(await become('CANCELLED'), ['CANCELLED', undefined]);
  assert.deepEqual(await become('COMPLETED'), ['COMPLETED', 901]);
  const again: Execution = { ...first, id: 902, uid: 'again', number: 2, continues: first.id };
  await store.write((writes) => writes.insertExecution(again));
  assert.deepEqual(await become('CANCELLED'), ['COMPLETED', 902]);
  assert.deepEqual(await become('COMPLETED_WITH_WARNINGS'), ['COMPLETED', 901]);
});

test('executions of all tasks are listed by what became of them, newest first', async (t) => {
  const { service, store, supervisor, c1, c2, admin, first } = await withTasks(t);
  const states = ['COMPLETED', 'FAILED', 'COMPLETED_WITH_WARNINGS', 'CANCELLED'] as const;
  const task = await store.taskByName('c1', 'b');
  assert.ok(task);
  const ids: number[] = [];
  for (const state of states) {
    ids.push((await service.startTask(c1, { name: `${parent}/tasks/b` })).execution.id);
    await supervisor.end(task, state, 'supervisor');
  }
  const [completed, failed, warned, cancelled] = ids;
  supervisor.tasksMax = 1;
  const queued = (await service.startTask(c1, { name: `${parent}/tasks/b` })).execution.id;
  const listed = async (request: Parameters<typeof service.listAllExecutions>[1]) =>
    (await service.listAllExecutions(c1, request)).map(({ execution }) => execution.id);
  assert.deepEqual(await listed({}), [queued, ...ids.toReversed(), first.id]);
  assert.deepEqual(await listed({ max: 2 }), [queued, cancelled]);
  assert.deepEqual(await listed({ outcome: 'UNDER_WAY' }), [queued, first.id]);
  assert.deepEqual(await listed({ outcome: 'QUEUED' }), [queued]);
  assert.deepEqual(await listed({ outcome: 'COMPLETED' }), [warned, completed]);
  assert.deepEqual(await listed({ outcome: 'COMPLETED', max: 1 }), [warned]);
  assert.deepEqual(await listed({ outcome: 'CANCELLED' }), [cancelled]);
  assert.deepEqual(await listed({ outcome: 'FAILED' }), [failed]);
  for (const outcome of ['UNDER_WAY', 'COMPLETED', undefined] as const) {
    assert.deepEqual(await service.listAllExecutions(c2, { outcome }), []);
    assert.ok((await service.listAllExecutions(admin, { outcome })).length > 0);
  }
});
