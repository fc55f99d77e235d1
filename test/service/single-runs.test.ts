import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Caller } from '../../src/domain/user.js';
import type { RunKey, SingleRun } from '../../src/service/single-run.js';
import { addUser, chunks, fails, irisTask, openWorld, upload, type World } from './world.js';

const place = () => ({ project: randomUUID(), group: randomUUID() });

/** A world with a target of c1, and a way to make runs of it. */
async function openRuns(t: TestContext) {
  const world = await openWorld(t);
  await upload(world.service, world.c1, 'iris');
  const request = { targetId: 'iris', owner: 'users/c1', target: irisTask };
  const target = await world.service.createTarget(world.admin, request);
  const make = (at = place()) =>
    world.service.createSingleRun(world.admin, { ...at, target: target.uid });
  return { ...world, target, make };
}

function keyOf({ task, project, group }: SingleRun): RunKey {
  return { uid: task.uid, project, group };
}

/** Lets the task's execution end. */
async function endRun(world: World, run: SingleRun): Promise<void> {
  await world.service.abortSingleRun(world.admin, keyOf(run));
}

test('a target is checked as a task, names are taken once, and its owner cannot go before it', async (t) => {
  const { service, admin, c1, target } = await openRuns(t);
  assert.match(target.uid, /^[0-9a-f-]{36}$/);
  const again = { targetId: 'iris', target: irisTask, owner: 'users/c1' };
  await assert.rejects(service.createTarget(admin, again), fails('TARGET_EXISTS'));
  const foreign = { targetId: 'mine', target: irisTask };
  await assert.rejects(
    service.createTarget(admin, foreign),
    fails('INVALID_FIELD', 'target.spec.predictor.onnx.model'),
  );
  await assert.rejects(service.createTarget(admin, { targetId: '..', target: undefined }));
  assert.deepEqual((await service.listTargets(admin, {})).targets, [target]);
  await service.deleteModel(c1, { name: 'users/c1/models/iris' });
  await assert.rejects(service.deleteUser(admin, { name: 'users/c1' }), fails('USER_IN_USE'));
  await service.deleteTarget(admin, { name: 'targets/iris' });
  await assert.rejects(
    service.getTarget(admin, { name: 'targets/iris' }),
    fails('TARGET_NOT_FOUND'),
  );
  await service.deleteUser(admin, { name: 'users/c1' });
});

test("a target's secrets are shown to nobody, and reach its tasks", async (t) => {
  const { service, store, admin, c1 } = await openRuns(t);
  const sasl = { mechanism: 'PLAIN', username: 'u', password: 'planted' };
  const spec = { ...irisTask.spec, source: { topic: 'iris-in', sasl } };
  const request = { targetId: 'sealed', owner: `users/${c1.name}`, target: { spec } };
  const target = await service.createTarget(admin, request);
  assert.equal(target.spec.source.sasl?.password, '***');
  const run = await service.createSingleRun(admin, { ...place(), target: target.uid });
  const task = await store.taskByUid(run.task.uid);
  assert.equal(task?.spec.source.sasl?.password, 'planted');
});

test('a run is read by admins, its owner and the users of its project, at its own place only', async (t) => {
  const { service, store, make, admin, c1, c2, looker } = await openRuns(t);
  const run = await make();
  const key = keyOf(run);
  const member: Caller = { ...looker, projects: [key.project.toUpperCase()] };
  for (const caller of [admin, c1, member]) {
    assert.equal((await service.getSingleRun(caller, key)).task.uid, key.uid);
  }
  const notFound = fails('TASK_NOT_FOUND');
  await assert.rejects(service.getSingleRun(c2, key), notFound);
  await assert.rejects(service.getSingleRun(admin, { ...key, ...place() }), notFound);
  await assert.rejects(service.getSingleRun(admin, { ...key, group: randomUUID() }), notFound);
  await assert.rejects(service.getSingleRun(admin, { ...key, uid: 'x' }), notFound);
  const other = { ...key, project: randomUUID() };
  const guest = { ...(await addUser(store, 'guest', 'VIEWER')), projects: [other.project] };
  await assert.rejects(service.getSingleRun(guest, other), notFound);
});

test('a run starts once, and after its end it takes no command of any kind', async (t) => {
  const world = await openRuns(t);
  const { service, admin, make } = world;
  const run = await make();
  const key = keyOf(run);
  const started = await service.startSingleRun(admin, key);
  assert.equal(started.execution?.number, 1);
  await assert.rejects(service.startSingleRun(admin, key), fails('TASK_ALREADY_STARTED'));
  const configure = { ...key, spec: { parallelism: 2 } };
  await assert.rejects(service.configureSingleRun(admin, configure), fails('TASK_ALREADY_STARTED'));
  await endRun(world, run);
  const before = await service.getSingleRun(admin, key);
  assert.equal(before.execution?.state, 'CANCELLED');
  const model = { ...key, sha256: '', chunks: chunks('more') };
  const commands = [
    () => service.startSingleRun(admin, key),
    () => service.abortSingleRun(admin, key),
    () => service.configureSingleRun(admin, configure),
    () => service.loadModelForSingleRun(admin, model),
    () => service.scoreFilesForSingleRun(admin, { ...key, files: [] }),
  ];
  for (const command of commands) await assert.rejects(command, fails('RUN_ENDED'));
  assert.deepEqual(await service.getSingleRun(admin, key), before);
});

test('what the core runs after the one execution does not change the run', async (t) => {
  const world = await openRuns(t);
  const { service, store, admin, make } = world;
  const run = await make();
  await service.startSingleRun(admin, keyOf(run));
  await endRun(world, run);
  const task = await store.taskByUid(run.task.uid);
  await service.startTask(admin, { name: `users/c1/tasks/${task?.name}` });
  const now = await service.getSingleRun(admin, keyOf(run));
  assert.equal(now.execution?.state, 'CANCELLED');
});

test('a run that was not started is given up for good, also when ten ask at once', async (t) => {
  const { service, admin, make } = await openRuns(t);
  const run = await make();
  const key = keyOf(run);
  const asked = Array.from({ length: 10 }, (_, index) =>
    index % 2 === 0 ? service.abortSingleRun(admin, key) : service.startSingleRun(admin, key),
  );
  await Promise.allSettled(asked);
  const now = await service.getSingleRun(admin, key);
  const ended = now.abandonedAt !== undefined || now.execution?.state === 'CANCELLED';
  assert(ended && (now.abandonedAt === undefined || now.execution === undefined));
  await assert.rejects(service.startSingleRun(admin, key), fails('RUN_ENDED'));
});

test('a configuration changes what is said and keeps the rest; a wrong one changes nothing', async (t) => {
  const { service, store, admin, make } = await openRuns(t);
  const key = keyOf(await make());
  await service.configureSingleRun(admin, { ...key, spec: { sink: { topic: 'elsewhere' } } });
  const task = await store.taskByUid(key.uid);
  assert.equal(task?.spec.sink.topic, 'elsewhere');
  assert.equal(task?.spec.source.topic, 'iris-in');
  const wrong = { ...key, spec: { parallelism: 2, source: { bootstrapServers: ['1.2.3.4:9'] } } };
  await assert.rejects(service.configureSingleRun(admin, wrong), fails('INVALID_FIELD'));
  assert.deepEqual(await store.taskByUid(key.uid), task);
});

test('a loaded model is what the run scores with; one that does not fit leaves no trace', async (t) => {
  const { service, store, admin, make } = await openRuns(t);
  const key = keyOf(await make());
  const load = (bytes: string, more: object) =>
    service.loadModelForSingleRun(admin, { ...key, sha256: '', chunks: chunks(bytes), ...more });
  await load('newer bytes', { name: 'newer' });
  assert.equal((await store.taskByUid(key.uid))?.spec.predictor.model, 'newer');
  await assert.rejects(
    load('yet newer', { name: 'tight', features: ['a'] }),
    fails('INVALID_FIELD'),
  );
  await assert.rejects(load('bad bytes', { name: 'broken' }), fails('MODEL_INVALID'));
  const names = (await store.listModels('c1', { limit: 9 })).map(({ name }) => name);
  assert.deepEqual(names, ['iris', 'newer']);
  assert.equal((await store.taskByUid(key.uid))?.spec.predictor.model, 'newer');
});

test('scored files are noted in the history of the task', async (t) => {
  const { service, store, admin, make } = await openRuns(t);
  const key = keyOf(await make());
  await service.scoreFilesForSingleRun(admin, { ...key, files: ['/a', '/b'] });
  const task = await store.taskByUid(key.uid);
  const events = await store.listEvents(task?.id ?? 0, { limit: 9 });
  assert.equal(events.at(-1)?.message, '2 records of 2 files were scored into iris-out.');
});
