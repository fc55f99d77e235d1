import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { DomainError } from '../../src/domain/errors.js';
import type { Caller } from '../../src/domain/user.js';
import type { Service } from '../../src/service/create-service.js';
import { assertRole, leastRoles, type UseCaseName } from '../../src/service/roles.js';
import type { RunKey } from '../../src/service/single-run.js';
import { chunks, fails, irisTask, openWorld, upload } from './world.js';

const signal = new AbortController().signal;
const task = 'users/c1/tasks/t';
const model = 'users/c1/models/iris';

/** Every use case, asked for what is c1's. `USER` is of c1, so that others get the user's own absence. */
const calls: Record<
  UseCaseName,
  (service: Service, caller: Caller, of: string) => Promise<unknown>
> = {
  createTask: (s, c, of) =>
    s.createTask(c, { parent: `users/${of}`, taskId: 'x', task: irisTask, force: true }),
  getTask: (s, c, of) => s.getTask(c, { name: task.replace('c1', of) }),
  listTasks: (s, c, of) => s.listTasks(c, { parent: `users/${of}` }),
  updateTask: (s, c, of) =>
    s.updateTask(c, { name: task.replace('c1', of), task: { displayName: 'x' } }),
  deleteTask: (s, c, of) => s.deleteTask(c, { name: task.replace('c1', of) }),
  startTask: (s, c, of) => s.startTask(c, { name: task.replace('c1', of) }),
  stopTask: (s, c, of) => s.stopTask(c, { name: task.replace('c1', of) }),
  swapModel: (s, c, of) => s.swapModel(c, { name: task.replace('c1', of), model: 'iris' }),
  shadowModel: (s, c, of) => s.shadowModel(c, { name: task.replace('c1', of), model: 'iris' }),
  promoteShadow: (s, c, of) => s.promoteShadow(c, { name: task.replace('c1', of) }),
  dropShadow: (s, c, of) => s.dropShadow(c, { name: task.replace('c1', of) }),
  rollbackModel: (s, c, of) => s.rollbackModel(c, { name: task.replace('c1', of) }),
  validateTask: (s, c, of) => s.validateTask(c, { parent: `users/${of}`, task: irisTask }),
  watchTasks: (s, c, of) => s.watchTasks(c, { name: task.replace('c1', of), signal }).next(),
  listEvents: (s, c, of) => s.listEvents(c, { parent: task.replace('c1', of) }),
  getExecution: (s, c, of) => s.getExecution(c, { name: `${task.replace('c1', of)}/executions/-` }),
  listExecutions: (s, c, of) => s.listExecutions(c, { parent: task.replace('c1', of) }),
  tailLogs: (s, c, of) =>
    s.tailLogs(c, { name: `${task.replace('c1', of)}/executions/-`, signal }).next(),
  listDeadLetters: (s, c, of) => s.listDeadLetters(c, { parent: task.replace('c1', of) }),
  getDeadLetter: (s, c, of) =>
    s.getDeadLetter(c, { name: `${task.replace('c1', of)}/deadLetters/0-0` }),
  replayDeadLetters: (s, c, of) =>
    s.replayDeadLetters(c, { parent: task.replace('c1', of), all: true }),
  purgeDeadLetters: (s, c, of) =>
    s.purgeDeadLetters(c, { parent: task.replace('c1', of), all: true }),
  findExecution: (s, c, of) => byId(s, of, (id) => s.findExecution(c, { id })),
  listAllExecutions: async (s, c) => {
    if ((await s.listAllExecutions(c, {})).length > 0) return;
    throw new DomainError('EXECUTION_NOT_FOUND');
  },
  cancelExecution: (s, c, of) => byId(s, of, (id) => s.cancelExecution(c, { id })),
  findTaskRun: (s, c, of) => s.findTaskRun(c, { name: task.replace('c1', of) }),
  listRunning: async (s, c) => {
    if ((await s.listRunning(c, {})).length > 0) return;
    throw new DomainError('EXECUTION_NOT_FOUND');
  },
  listHistory: (s, c, of) =>
    byTaskId(s, of, (taskId) => s.listHistory(c, { taskId, start: 0, length: 1 })),
  runSequence: (s, c, of) =>
    byTaskId(s, of, (id) => s.runSequence(c, { taskIds: [id], variables: new Map() })),
  uploadModel: (s, c, of) =>
    s.uploadModel(c, { parent: `users/${of}`, modelId: 'n', chunks: chunks('b') }),
  getModel: (s, c, of) => s.getModel(c, { name: model.replace('c1', of) }),
  listModels: (s, c, of) => s.listModels(c, { parent: `users/${of}` }),
  deleteModel: (s, c, of) => s.deleteModel(c, { name: model.replace('c1', of) }),
  predict: (s, c, of) => s.predict(c, { name: model.replace('c1', of), rows: [{}] }),
  createTarget: (s, c) => s.createTarget(c, { targetId: 'x', owner: 'users/c1', target: irisTask }),
  getTarget: (s, c) => s.getTarget(c, { name: 'targets/x' }),
  listTargets: (s, c) => s.listTargets(c, {}),
  deleteTarget: (s, c) => s.deleteTarget(c, { name: 'targets/x' }),
  createSingleRun: async (s, c) => {
    const target = await someTarget(s).then(({ uid }) => uid, randomUUID);
    return s.createSingleRun(c, { project: randomUUID(), group: randomUUID(), target });
  },
  getSingleRun: (s, c, of) => byRun(s, of, (key) => s.getSingleRun(c, key)),
  startSingleRun: (s, c, of) => byRun(s, of, (key) => s.startSingleRun(c, key)),
  configureSingleRun: (s, c, of) =>
    byRun(s, of, (key) => s.configureSingleRun(c, { ...key, spec: { until: 'END' } })),
  abortSingleRun: (s, c, of) => byRun(s, of, (key) => s.abortSingleRun(c, key)),
  loadModelForSingleRun: (s, c, of) =>
    byRun(s, of, (key) =>
      s.loadModelForSingleRun(c, { ...key, name: 'own', sha256: '', chunks: chunks('own') }),
    ),
  scoreFilesForSingleRun: (s, c, of) =>
    byRun(s, of, (key) => s.scoreFilesForSingleRun(c, { ...key, files: ['/records'] })),
  sampleTasks: (s, c, of) => s.sampleTasks(c, { parent: `users/${of}` }),
  backup: (s, c) => s.backup(c, {}).next(),
  getLogLevel: (s, c) => s.getLogLevel(c, {}),
  setLogLevel: (s, c) => s.setLogLevel(c, { level: 'info' }),
  createUser: (s, c) => s.createUser(c, { userId: 'x', role: 'VIEWER' }),
  getUser: (s, c, of) => s.getUser(c, { name: `users/${of}` }),
  listUsers: (s, c) => s.listUsers(c, {}),
  resetCredentials: (s, c, of) => s.resetCredentials(c, { name: `users/${of}` }),
  deleteUser: (s, c, of) => s.deleteUser(c, { name: `users/${of}` }),
};

const useCases = Object.keys(leastRoles) as UseCaseName[];

test("what is another user's reads exactly as what is not there, for every use case", async (t) => {
  const { service, store, c1, c2 } = await openWorld(t);
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent: 'users/me', taskId: 't', task: irisTask });
  await service.startTask(c1, { name: task });
  runs.set(service, await makeRun(service));
  const before = await store.eventBounds();
  for (const useCase of useCases.filter((name) => leastRoles[name] !== 'ADMIN')) {
    const foreign = await failureOf(calls[useCase](service, c2, 'c1'));
    const absent = await failureOf(calls[useCase](service, c2, 'no'));
    assert.match(foreign.code, /_NOT_FOUND$/, useCase);
    assert.equal(foreign.code, absent.code, useCase);
    assert.equal(foreign.message.replaceAll('c1', 'no'), absent.message, useCase);
    assert.deepEqual(Object.keys(foreign.metadata), Object.keys(absent.metadata), useCase);
  }
  assert.deepEqual(await store.eventBounds(), before);
});

test("an admin may do everything to everybody's things", async (t) => {
  const { service, c1, admin } = await openWorld(t);
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent: 'users/me', taskId: 't', task: irisTask });
  await service.startTask(c1, { name: task });
  const last: readonly UseCaseName[] = ['stopTask', 'deleteTask', 'deleteModel', 'deleteUser'];
  const refused = {
    startTask: 'TASK_ALREADY_STARTED',
    runSequence: 'TASK_ALREADY_STARTED',
    shadowModel: 'NO_SHADOW_MODEL',
    promoteShadow: 'NO_SHADOW_MODEL',
    rollbackModel: 'NO_PREVIOUS_MODEL',
    deleteModel: 'MODEL_IN_USE',
    deleteUser: 'USER_IN_USE',
    // Its Kafka is nowhere that this service may connect to.
    listDeadLetters: 'EGRESS_DENIED',
    getDeadLetter: 'EGRESS_DENIED',
    replayDeadLetters: 'EGRESS_DENIED',
    purgeDeadLetters: 'EGRESS_DENIED',
  };
  for (const useCase of [...useCases.filter((name) => !last.includes(name)), ...last]) {
    const code = new Map(Object.entries(refused)).get(useCase);
    const call = calls[useCase](service, admin, 'c1');
    if (code === undefined) await call;
    else assert.equal((await failureOf(call)).code, code, useCase);
  }
});

test('a role below the least one is refused before anything is looked at', async (t) => {
  const { service, c1, looker } = await openWorld(t);
  for (const useCase of useCases) {
    if (leastRoles[useCase] === 'ADMIN') {
      await assert.rejects(calls[useCase](service, c1, 'c1'), fails('ROLE_NOT_ALLOWED'));
    }
    const call = calls[useCase](service, looker, 'c1');
    if (leastRoles[useCase] === 'VIEWER') {
      assert.match((await failureOf(call, 'looker may')).code, /_NOT_FOUND$|^NONE$/, useCase);
    } else await assert.rejects(call, fails('ROLE_NOT_ALLOWED'));
  }
});

test('what has no row in the table of roles is allowed to nobody', () => {
  assert.throws(() => assertRole(admin, 'dropDatabase'), fails('ROLE_NOT_ALLOWED'));
  assert.throws(() => assertRole(admin, 'toString'), fails('ROLE_NOT_ALLOWED'));
});

/** Calls with the id of a user's newest execution, or with one that nothing has; messages name the user instead. */
async function byId(service: Service, of: string, call: (id: string) => Promise<unknown>) {
  const name = `${task.replace('c1', of)}/executions/-`;
  const view = await service.getExecution(admin, { name }).catch(() => undefined);
  const id = String(view?.execution.id ?? 999_999);
  return call(id).catch((error: unknown) => {
    if (error instanceof Error) error.message = error.message.replaceAll(id, of);
    throw error;
  });
}

const admin: Caller = { name: 'admin', role: 'ADMIN', projects: [] };
/** Runs that were made before the calls of a test. */
const runs = new WeakMap<Service, RunKey>();

/** Makes a task of c1 that runs once. */
async function makeRun(service: Service): Promise<RunKey> {
  const { uid: target } = await someTarget(service);
  const place = { project: randomUUID(), group: randomUUID() };
  const { task: made } = await service.createSingleRun(admin, { ...place, target });
  return { ...place, uid: made.uid };
}

function someTarget(service: Service) {
  const targetId = `target-${randomUUID()}`;
  return service.createTarget(admin, { targetId, owner: 'users/c1', target: irisTask });
}

/** The same with a task of c1 that runs once. */
async function byRun(service: Service, of: string, call: (key: RunKey) => Promise<unknown>) {
  const known =
    of === 'c1' ? (runs.get(service) ?? (await makeRun(service).catch(() => null))) : null;
  const key = known ?? { project: randomUUID(), group: randomUUID(), uid: randomUUID() };
  return call(key).catch((error: unknown) => {
    if (error instanceof Error) error.message = error.message.replaceAll(key.uid, of);
    throw error;
  });
}

/** The same with the id of a user's task. */
async function byTaskId(service: Service, of: string, call: (id: number) => Promise<unknown>) {
  const view = await service
    .getTask(admin, { name: task.replace('c1', of) })
    .catch(() => undefined);
  const id = view?.task.id ?? 999_999;
  return call(id).catch((error: unknown) => {
    if (error instanceof Error) error.message = error.message.replaceAll(String(id), of);
    throw error;
  });
}

async function failureOf(call: Promise<unknown>, orNone?: string): Promise<DomainError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  if (orNone) return Object.assign(new DomainError('INVALID_FIELD'), { code: 'NONE' });
  throw new Error('It was allowed.');
}
