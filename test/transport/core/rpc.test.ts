import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { ErrorInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { ExecutionService } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { ModelService } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { Guarantee, type TaskSpecSchema, Until } from '../../../gen/ts/predictd/v1/task_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { Role, UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { type CoreServer, startCore, transportTo } from './core-server.js';

function clientsOf(server: CoreServer, authorization: string) {
  const transport = transportTo(server, authorization);
  return {
    tasks: createClient(TaskService, transport),
    executions: createClient(ExecutionService, transport),
    models: createClient(ModelService, transport),
    users: createClient(UserService, transport),
  };
}

async function* iris(parent = 'users/me') {
  yield { parent, modelId: 'iris' };
  yield { content: { contentType: '', data: Buffer.from('the ') } };
  yield { parent, modelId: 'iris', content: { data: Buffer.from('model') } };
}

const spec: MessageInitShape<typeof TaskSpecSchema> = {
  source: { topic: 'in', sasl: { username: 'u', password: 'hunter2hunter2' } },
  sink: { topic: 'out', fields: { species: 'label' } },
  predictor: {
    kind: {
      case: 'onnx',
      value: { model: 'users/me/models/iris', features: ['a', 'b', 'c', 'd'] },
    },
  },
  until: Until.END,
  guarantee: Guarantee.AT_LEAST_ONCE,
  batch: { maxRecords: 7, maxWait: { seconds: 1n, nanos: 500_000_000 } },
  heapMin: '1g',
  heapMax: '2g',
  restart: { maxRestarts: 0 },
};

test('the life of a task from upload to delete, as a client sees it', async (t) => {
  const server = await startCore(t);
  const { tasks, executions, models } = clientsOf(server, 'Bearer token-c1');
  const model = await models.uploadModel(iris());
  assert.equal(model.sizeBytes, 9n);
  assert.deepEqual(model.inputs[0]?.shape, [-1n, 4n]);
  const task = await tasks.createTask({ parent: 'users/me', taskId: 't', task: { spec } });
  assert.equal(task.name, 'users/c1/tasks/t');
  assert.equal(task.spec?.source?.sasl?.password, '***');
  assert.deepEqual(task.spec?.batch?.maxWait?.nanos, 500_000_000);
  assert.equal(task.spec?.heapMin, '1024m');
  assert.equal(task.spec?.restart?.maxRestarts, 0);
  assert.equal(task.spec?.until, Until.END);
  assert.equal(task.status?.state, State.CREATED);
  const { name } = task;
  const execution = await tasks.startTask({ name });
  assert.equal(execution.name, 'users/c1/tasks/t/executions/1');
  assert.equal((await tasks.getTask({ name })).status?.processIsAlive, true);
  assert.equal((await tasks.stopTask({ name })).status?.state, State.CANCELLED);
  const ended = await executions.getExecution({ name: `${name}/executions/-` });
  assert.equal(ended.state, State.CANCELLED);
  assert.equal((await executions.listExecutions({ parent: name })).executions.length, 1);
  const { events } = await tasks.listEvents({ parent: name });
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ['CREATED', 'STARTED', 'ENDED'],
  );
  await tasks.deleteTask({ name, etag: task.etag });
  assert.equal((await tasks.listTasks({ parent: 'users/me' })).tasks.length, 0);
  await models.deleteModel({ name: 'users/me/models/iris' });
});

test('what was read can be sent back as it is and changes nothing', async (t) => {
  const server = await startCore(t);
  const { tasks, models } = clientsOf(server, 'Bearer token-c1');
  await models.uploadModel(iris());
  const task = await tasks.createTask({ parent: 'users/me', taskId: 't', task: { spec } });
  for (const paths of [[], ['*'], ['spec']]) {
    const same = await tasks.updateTask({ task, updateMask: { paths } });
    assert.equal(same.etag, task.etag, paths.join());
  }
  const stored = await server.store.taskByName('c1', 't');
  assert.equal(stored?.spec.source.sasl?.password, 'hunter2hunter2');
});

test('a watch streams over the wire and is cancelled by its client', async (t) => {
  const server = await startCore(t);
  const { tasks, models } = clientsOf(server, 'Bearer token-c1');
  await models.uploadModel(iris());
  await tasks.createTask({ parent: 'users/me', taskId: 't', task: { spec } });
  const controller = new AbortController();
  const kinds: (string | undefined)[] = [];
  const watch = tasks.watchTasks({ parent: 'users/-' }, { signal: controller.signal });
  try {
    for await (const { kind, sequence } of watch) {
      kinds.push(kind.case);
      if (kind.case === 'snapshotEnd') await tasks.startTask({ name: 'users/me/tasks/t' });
      if (kind.case === 'change') {
        assert.equal(kind.value.task?.status?.state, State.RUNNING);
        assert.equal(kind.value.event?.sequence, sequence);
        controller.abort();
      }
    }
  } catch (error) {
    assert.equal(ConnectError.from(error).code, Code.Canceled);
  }
  assert.deepEqual(kinds, ['snapshot', 'snapshotEnd', 'change']);
});

test('a stop that outlives the deadline says so before the deadline', async (t) => {
  const server = await startCore(t);
  const { tasks, models } = clientsOf(server, 'Bearer token-c1');
  await models.uploadModel(iris());
  const { name } = await tasks.createTask({ parent: 'users/me', taskId: 't', task: { spec } });
  await tasks.startTask({ name });
  let letGo = () => {};
  server.supervisor.beforeStop = new Promise((resolve) => {
    letGo = resolve;
  });
  const error = await tasks.stopTask({ name }, { timeoutMs: 300 }).catch((e: unknown) => e);
  assert.ok(error instanceof ConnectError);
  assert.equal(error.code, Code.DeadlineExceeded);
  assert.equal(error.findDetails(ErrorInfoSchema)[0]?.reason, 'STOP_PENDING');
  letGo();
});

test('rows are scored, and a dry run shows what would be written', async (t) => {
  const server = await startCore(t);
  const { tasks, models } = clientsOf(server, 'Bearer token-c1');
  await models.uploadModel(iris());
  const { predictions } = await models.predict({
    name: 'users/me/models/iris',
    rows: [{ features: [1, 2, 3, 4] }, { features: [5, 6, 7, 8] }],
  });
  assert.deepEqual(predictions, [{ label: 0 }, { label: 1 }]);
  const dry = { parent: 'users/me', task: { spec }, dryRunRecords: 2 };
  const { valid, records } = await tasks.validateTask(dry);
  assert.equal(valid, true);
  assert.equal(records[1]?.offset, 5n);
});

test('an upload whose later parts name another model is refused', async (t) => {
  const server = await startCore(t);
  const { models } = clientsOf(server, 'Bearer token-c1');
  const upload = models.uploadModel(
    (async function* () {
      yield* iris();
      yield { modelId: 'other' };
    })(),
  );
  await assert.rejects(upload, (error: ConnectError) => error.code === Code.InvalidArgument);
  assert.equal((await models.listModels({ parent: 'users/me' })).models.length, 0);
});

test('a made user calls at once, and never again after it is deleted', async (t) => {
  const server = await startCore(t);
  const admin = clientsOf(server, 'Bearer token-admin');
  const made = await admin.users.createUser({ userId: 'new', role: Role.VIEWER });
  assert.equal(made.user?.name, 'users/new');
  const own = clientsOf(server, `Bearer ${made.token}`);
  assert.equal((await own.users.getUser({ name: 'users/me' })).role, Role.VIEWER);
  assert.equal((await admin.users.listUsers({})).users.length, 5);
  await admin.users.deleteUser({ name: 'users/new' });
  const error = await own.users.getUser({ name: 'users/me' }).catch((e: unknown) => e);
  assert.equal(ConnectError.from(error).code, Code.Unauthenticated);
});
