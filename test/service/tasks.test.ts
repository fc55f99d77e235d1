import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { TaskDraft } from '../../src/domain/draft.js';
import { taskEtag } from '../../src/domain/task.js';
import { createService } from '../../src/service/create-service.js';
import { fails, irisTask, openWorld, upload } from './world.js';

const parent = 'users/me';

test('a created task has every default and a first event', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const { task, status } = await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  assert.deepEqual(task.spec, {
    source: {
      topic: 'iris-in',
      format: 'JSON',
      bootstrapServers: [],
      startFrom: 'EARLIEST',
      consumerGroup: '',
      options: {},
      schemaRegistryUrl: '',
    },
    sink: { topic: 'iris-out', format: 'JSON', fields: {} },
    predictor: {
      type: 'onnx',
      model: 'iris',
      features: ['a', 'b', 'c', 'd'],
      inputs: {},
      missingAsNan: false,
    },
    until: 'STOPPED',
    guarantee: 'EXACTLY_ONCE',
    parallelism: 1,
    batch: { maxRecords: 4_000, maxWaitMs: 50 },
    onBadRecord: 'DEAD_LETTER',
    deadLetterTopic: 'iris-out.dead-letter',
    heapMinMib: 1_024,
    heapMaxMib: 2_048,
    maxRestarts: 10,
  });
  assert.equal(status.state, 'CREATED');
  const [event] = await store.listEvents(task.id, { limit: 10 });
  assert.equal(event?.reason, 'CREATED');
  assert.equal(event?.actor, 'users/c1');
});

test('a name is taken only once, unless the task is replaced, which keeps its history', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const first = await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  const again = { parent, taskId: 'iris', task: irisTask };
  await assert.rejects(service.createTask(c1, again), fails('TASK_EXISTS'));
  await service.startTask(c1, { name: 'users/c1/tasks/iris' });
  const spec = { ...irisTask.spec, parallelism: 2 };
  const second = await service.createTask(c1, {
    ...again,
    task: { ...irisTask, spec },
    force: true,
  });
  assert.equal(second.task.uid, first.task.uid);
  assert.equal(second.task.generation, 2);
  assert.equal(second.task.desired, 'STOPPED');
  assert.equal(second.status.state, 'CANCELLED');
  const events = await store.listEvents(first.task.id, { limit: 10 });
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ['CREATED', 'STARTED', 'ENDED', 'REPLACED'],
  );
});

test('a request id makes a repeated create answer the same task', async (t) => {
  const { service, c1, c2 } = await openWorld(t);
  await upload(service, c1, 'iris');
  await upload(service, c2, 'iris');
  const requestId = randomUUID();
  const request = { parent, taskId: 'iris', task: irisTask, requestId };
  const [a, b] = await Promise.all([
    service.createTask(c1, request),
    service.createTask(c1, request),
  ]);
  assert.equal(a.task.uid, b.task.uid);
  const later = await service.createTask(c1, { ...request, parent: 'users/c1' });
  assert.equal(later.task.uid, a.task.uid);
  const other = { ...request, taskId: 'other' };
  await assert.rejects(service.createTask(c1, other), fails('INVALID_FIELD', 'request_id'));
  const foreign = await service.createTask(c2, request);
  assert.notEqual(foreign.task.uid, a.task.uid);
});

test('a request id makes a repeated start answer the same execution', async (t) => {
  const { service, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  const request = { name: 'users/me/tasks/iris', requestId: randomUUID() };
  const [a, b] = await Promise.all([
    service.startTask(c1, request),
    service.startTask(c1, request),
  ]);
  assert.equal(a.execution.uid, b.execution.uid);
  const plain = { name: request.name };
  await assert.rejects(service.startTask(c1, plain), fails('TASK_ALREADY_STARTED'));
});

test('an update changes what its mask names, and counts only changes of the spec', async (t) => {
  const { service, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const { task } = await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  const name = 'users/me/tasks/iris';
  const labelled = await service.updateTask(c1, {
    name,
    task: { labels: { a: 'b' }, spec: { parallelism: 9 } },
    updateMask: ['labels'],
    etag: taskEtag(task),
  });
  assert.deepEqual(labelled.task.labels, { a: 'b' });
  assert.equal(labelled.task.spec.parallelism, 1);
  assert.equal(labelled.task.generation, 1);
  assert.equal(labelled.task.version, 2);
  const renamed = await service.updateTask(c1, {
    name,
    task: { spec: { sink: { topic: 'new' } } },
  });
  assert.equal(renamed.task.generation, 2);
  assert.equal(renamed.task.spec.deadLetterTopic, 'new.dead-letter');
  assert.equal(renamed.task.spec.source.topic, 'iris-in');
  const same = await service.updateTask(c1, { name, task: { spec: { sink: { topic: 'new' } } } });
  assert.equal(same.task.version, renamed.task.version);
  const stale = { name, task: { displayName: 'x' }, etag: taskEtag(task) };
  await assert.rejects(service.updateTask(c1, stale), fails('ETAG_MISMATCH'));
});

test('an update that says another kind of predictor replaces the one before', async (t) => {
  const { service, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const name = 'users/c1/tasks/t';
  await service.createTask(c1, { parent: 'users/c1', taskId: 't', task: irisTask });
  const oip = { url: 'http://10.0.0.1:80/', model: 'm', features: ['a'] };
  const change = { spec: { predictor: { oip } } };
  const kindAfter = async (task: TaskDraft, updateMask: readonly string[]) =>
    (await service.updateTask(c1, { name, task, updateMask })).task.spec.predictor.type;
  assert.equal(await kindAfter({ displayName: 'x', ...change }, ['display_name']), 'onnx');
  assert.equal(await kindAfter(change, []), 'oip');
  assert.equal(await kindAfter(irisTask, []), 'onnx');
  assert.equal(await kindAfter(change, ['spec.predictor.oip']), 'oip');
  const both = { spec: { predictor: { oip, onnx: { model: 'iris' } } } };
  const refused = fails('INVALID_FIELD', 'task.spec.predictor');
  await assert.rejects(service.updateTask(c1, { name, task: both }), refused);
});

test('updates that cross each other all count', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const { task } = await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  const name = 'users/me/tasks/iris';
  await Promise.all([
    service.updateTask(c1, { name, task: { displayName: 'x' }, updateMask: ['display_name'] }),
    service.updateTask(c1, { name, task: { labels: { k: 'v' } }, updateMask: ['labels'] }),
    service.updateTask(c1, {
      name,
      task: { spec: { parallelism: 3 } },
      updateMask: ['spec.parallelism'],
    }),
  ]);
  const after = await store.taskById(task.id);
  assert.equal(after?.displayName, 'x');
  assert.deepEqual(after?.labels, { k: 'v' });
  assert.equal(after?.spec.parallelism, 3);
  assert.equal(after?.version, 4);
});

test('secrets are never read back, and sending *** keeps them', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const sasl = { username: 'u', password: 'hunter2hunter2' };
  const spec = { ...irisTask.spec, source: { topic: 'iris-in', sasl } };
  const created = await service.createTask(c1, { parent, taskId: 'iris', task: { spec } });
  assert.ok(!JSON.stringify(created).includes('hunter2'));
  const name = 'users/me/tasks/iris';
  const execution = await service.startTask(c1, { name });
  assert.ok(!JSON.stringify(execution).includes('hunter2'));
  const change = { spec: { source: { sasl: { username: 'v', password: '***' } } } };
  await service.updateTask(c1, { name, task: change });
  const stored = await store.taskById(created.task.id);
  assert.deepEqual(stored?.spec.source.sasl, {
    mechanism: 'PLAIN',
    username: 'v',
    password: 'hunter2hunter2',
  });
  const masked = {
    ...irisTask.spec,
    source: { topic: 'q', sasl: { username: 'u', password: '***' } },
  };
  await assert.rejects(
    service.createTask(c1, { parent, taskId: 'new', task: { spec: masked } }),
    fails('INVALID_FIELD', 'task.spec.source.sasl.password'),
  );
});

test('a stored secret does not follow a task to another place', async (t) => {
  const { service, store, admin, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const servers = ['10.0.0.1:9092', 'kafka.example:9093'];
  const sasl = { username: 'u', password: 'hunter2hunter2' };
  const source = { topic: 'iris-in', bootstrapServers: servers, sasl };
  const { task } = await service.createTask(c1, {
    parent,
    taskId: 'iris',
    task: { spec: { ...irisTask.spec, source } },
  });
  const name = 'users/c1/tasks/iris';
  const away = ['10.66.6.6:9092'];
  const masked = { ...source, bootstrapServers: away, sasl: { ...sasl, password: '***' } };
  const whole = { spec: { ...irisTask.spec, source: masked } };
  const refused = fails('INVALID_FIELD', 'task.spec.source.sasl.password');
  const changes = [
    { task: { spec: { source: { bootstrapServers: away } } } },
    { task: whole, updateMask: ['spec.source.bootstrap_servers'] },
    { task: whole, updateMask: ['spec.source'] },
    { task: whole, updateMask: ['spec'] },
    { task: whole, updateMask: ['*'] },
    { task: whole },
  ];
  for (const change of changes) {
    await assert.rejects(service.updateTask(admin, { name, ...change }), refused);
  }
  const forced = { parent: 'users/c1', taskId: 'iris', task: whole, force: true };
  await assert.rejects(service.createTask(admin, forced), refused);
  const dryRun = { parent: 'users/c1', task: whole, taskName: name, dryRunRecords: 1 };
  const { faults, records } = await service.validateTask(admin, dryRun);
  assert.deepEqual(records, []);
  assert.deepEqual(
    faults.map(({ field, reason }) => `${field} ${reason}`),
    ['spec.source.sasl.password SECRET_ELSEWHERE'],
  );
  assert.equal((await store.taskById(task.id))?.version, task.version);
  const fewer = { spec: { source: { bootstrapServers: servers.slice(1) } } };
  await service.updateTask(admin, { name, task: fewer });
  assert.equal((await store.taskById(task.id))?.spec.source.sasl?.password, sasl.password);
  const anew = { spec: { source: { bootstrapServers: away, sasl: { password: 'n3w' } } } };
  await service.updateTask(admin, { name, task: anew });
  const after = (await store.taskById(task.id))?.spec.source;
  assert.deepEqual([after?.bootstrapServers, after?.sasl?.password], [away, 'n3w']);
});

test('a delete stops first, heeds the etag, and may be told that a missing task is no error', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const { task } = await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  const name = 'users/c1/tasks/iris';
  await service.startTask(c1, { name });
  await assert.rejects(service.deleteTask(c1, { name, etag: 'old' }), fails('ETAG_MISMATCH'));
  const results = await Promise.allSettled([
    service.deleteTask(c1, { name, etag: taskEtag(task) }),
    service.deleteTask(c1, { name, allowMissing: true }),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  );
  assert.equal(await store.taskById(task.id), undefined);
  await assert.rejects(service.deleteTask(c1, { name }), fails('TASK_NOT_FOUND'));
});

test('a start checks again what was right when the task was defined', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  const model = await upload(service, c1, 'iris');
  await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  await store.write((writes) => writes.deleteModel(model.id));
  const name = 'users/me/tasks/iris';
  await assert.rejects(
    service.startTask(c1, { name }),
    fails('TASK_NOT_STARTABLE', 'spec.predictor.onnx.model'),
  );
});

test('a start over the cap queues or is refused, as the caller chose', async (t) => {
  const { service, supervisor, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  supervisor.tasksMax = 1;
  for (const taskId of ['a', 'b', 'c']) {
    await service.createTask(c1, { parent, taskId, task: irisTask });
  }
  await service.startTask(c1, { name: 'users/me/tasks/a' });
  const queued = await service.startTask(c1, { name: 'users/me/tasks/b' });
  assert.equal(queued.execution.state, 'QUEUED');
  const refused = { name: 'users/me/tasks/c', whenFull: 'REFUSE' };
  await assert.rejects(service.startTask(c1, refused), fails('TASKS_MAX_REACHED'));
});

test('a task that begins or ends to run while it is read is seen before or after it, not as unknown', async (t) => {
  const { deps, store, supervisor, c1, ...world } = await openWorld(t);
  await upload(world.service, c1, 'iris');
  const name = 'users/me/tasks/iris';
  const { task } = await world.service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  let meanwhile = async () => {};
  const service = createService({
    ...deps,
    store: {
      ...store,
      async taskWithNewest(user, id) {
        const found = await store.taskWithNewest(user, id);
        await meanwhile();
        return found;
      },
      async listTasksWithNewest(query) {
        const found = await store.listTasksWithNewest(query);
        await meanwhile();
        return found;
      },
    },
  });
  const shown = async () => (await service.getTask(c1, { name })).status.state;
  const listed = async () => (await service.listTasks(c1, { parent })).tasks[0]?.status.state;
  for (const look of [shown, listed]) {
    meanwhile = async () => void (await world.service.startTask(c1, { name }));
    const before = await look();
    assert.ok(['CREATED', 'CANCELLED', 'RUNNING'].includes(before ?? ''), before);
    meanwhile = () => supervisor.end(task, 'CANCELLED', 'users/c1');
    const after = await look();
    assert.ok(after === 'RUNNING' || after === 'CANCELLED', after);
    meanwhile = async () => {};
    assert.equal(await look(), 'CANCELLED');
  }
});

test('a stop that takes longer than the caller waits answers that it goes on', async (t) => {
  const { service, supervisor, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent, taskId: 'iris', task: irisTask });
  const name = 'users/me/tasks/iris';
  await service.startTask(c1, { name });
  let letGo = () => {};
  supervisor.beforeStop = new Promise((resolve) => {
    letGo = resolve;
  });
  const signal = AbortSignal.abort();
  await assert.rejects(service.stopTask(c1, { name, signal }), fails('STOP_PENDING'));
  letGo();
  assert.equal((await service.stopTask(c1, { name })).status.state, 'CANCELLED');
});

test('a dry run shows records, and a static check all faults', async (t) => {
  const { service, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const good = await service.validateTask(c1, { parent, task: irisTask, dryRunRecords: 3 });
  assert.equal(good.records.length, 3);
  const spec = {
    source: { topic: 'same' },
    sink: { topic: 'same' },
    predictor: { onnx: { model: 'absent' } },
  };
  const bad = await service.validateTask(c1, { parent, task: { spec }, dryRunRecords: 3 });
  assert.deepEqual(
    bad.faults.map(({ field, reason }) => [field, reason]),
    [
      ['spec.sink.topic', 'SAME_AS_SOURCE'],
      ['spec.predictor.onnx.model', 'MODEL_NOT_FOUND'],
    ],
  );
  assert.deepEqual(bad.records, []);
});
