import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescMethod } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import type { Store } from '../../../src/domain/ports.js';
import { leastRoles } from '../../../src/service/roles.js';
import { coreServices } from '../../../src/transport/core/register.js';
import { irisTask, upload } from '../../service/world.js';
import { call, startCore, transportTo } from './core-server.js';

const parent = 'users/c1';
const name = 'users/c1/tasks/t';
const onnx = (value: object) => ({ kind: { case: 'onnx', value } });
const spec = {
  source: { topic: 'in' },
  sink: { topic: 'out' },
  predictor: onnx({ model: 'iris', features: ['a', 'b', 'c', 'd'] }),
};
const withSpec = (change: object) => ({
  parent,
  taskId: 'n',
  task: { spec: { ...spec, ...change } },
});
const withSource = (change: object) => withSpec({ source: { topic: 'in', ...change } });
const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));

type Row = readonly [request: Record<string, unknown>, ...fields: string[]];

/** For every rpc: requests that make no sense, with the fields that are named as the reason. */
const table: Readonly<Record<string, readonly Row[]>> = {
  createTask: [
    [
      {},
      'parent',
      'task_id',
      'task',
      'task.spec',
      'task.spec.source',
      'task.spec.sink',
      'task.spec.predictor',
    ],
    [
      { parent: 'c1', taskId: 'a b', task: { spec }, requestId: '7' },
      'parent',
      'task_id',
      'request_id',
    ],
    [{ parent: 'users/', taskId: '.x', task: { spec } }, 'parent', 'task_id'],
    [{ parent: 'users/-', taskId: 'x'.repeat(129), task: { spec } }, 'parent', 'task_id'],
    [
      { parent, taskId: 'n', task: {} },
      'task.spec',
      'task.spec.source',
      'task.spec.sink',
      'task.spec.predictor',
    ],
    [{ parent, taskId: 'n', task: { spec, displayName: 'x'.repeat(257) } }, 'task.display_name'],
    [{ parent, taskId: 'n', task: { spec, labels: { 'a b': 'x' } } }, 'task.labels["a b"]'],
    [{ parent, taskId: 'n', task: { spec, labels: { a: 'x'.repeat(64) } } }, 'task.labels["a"]'],
    [
      {
        parent,
        taskId: 'n',
        task: { spec, labels: Object.fromEntries(many(33).map((k) => [k, k])) },
      },
      'task.labels',
    ],
    [withSpec({ sink: { topic: 'in' } }), 'task.spec.sink.topic'],
    [withSpec({ sink: {} }), 'task.spec.sink.topic'],
    [withSpec({ sink: { topic: 'a/b' } }), 'task.spec.sink.topic'],
    [withSpec({ sink: { topic: '..' } }), 'task.spec.sink.topic'],
    [withSpec({ sink: { topic: 'x'.repeat(249) } }), 'task.spec.dead_letter_topic'],
    [withSpec({ sink: { topic: 'out', format: 77 } }), 'task.spec.sink.format'],
    [withSpec({ sink: { topic: 'out', fields: { y: 'none' } } }), 'task.spec.sink.fields["y"]'],
    [withSpec({ deadLetterTopic: 'in' }), 'task.spec.dead_letter_topic'],
    [withSpec({ deadLetterTopic: 'out' }), 'task.spec.dead_letter_topic'],
    [withSpec({ deadLetterTopic: 'a b' }), 'task.spec.dead_letter_topic'],
    [
      withSpec({ until: 9, guarantee: 9, onBadRecord: 9 }),
      'task.spec.until',
      'task.spec.guarantee',
      'task.spec.on_bad_record',
    ],
    [withSpec({ parallelism: -1 }), 'task.spec.parallelism'],
    [withSpec({ parallelism: 65 }), 'task.spec.parallelism'],
    [withSpec({ batch: { maxRecords: 100_001 } }), 'task.spec.batch.max_records'],
    [withSpec({ batch: { maxWait: { seconds: 61n } } }), 'task.spec.batch.max_wait'],
    [withSpec({ batch: { maxWait: { nanos: -1_000_000 } } }), 'task.spec.batch.max_wait'],
    [withSpec({ heapMin: '2g', heapMax: '1g' }), 'task.spec.heap_min'],
    [withSpec({ heapMin: '12', heapMax: '1t' }), 'task.spec.heap_min', 'task.spec.heap_max'],
    [withSpec({ heapMin: '1m', heapMax: '65g' }), 'task.spec.heap_min', 'task.spec.heap_max'],
    [withSpec({ restart: { maxRestarts: -1 } }), 'task.spec.restart.max_restarts'],
    [withSource({ topic: '' }), 'task.spec.source.topic'],
    [
      withSource({ format: 9, startFrom: 9 }),
      'task.spec.source.format',
      'task.spec.source.start_from',
    ],
    [withSource({ bootstrapServers: ['x'] }), 'task.spec.source.bootstrap_servers[0]'],
    [
      withSource({
        bootstrapServers: ['127.0.0.1:9092', '127.0.0.1:22', '10.1.2.3:1', 'kafka.example:9094'],
      }),
      'task.spec.source.bootstrap_servers[1]',
      'task.spec.source.bootstrap_servers[3]',
    ],
    [withSource({ bootstrapServers: many(17) }), 'task.spec.source.bootstrap_servers'],
    [withSource({ consumerGroup: 'a\nb' }), 'task.spec.source.consumer_group'],
    [withSource({ sasl: {} }), 'task.spec.source.sasl.username', 'task.spec.source.sasl.password'],
    [
      withSource({ sasl: { mechanism: 9, username: 'u', password: '***' } }),
      'task.spec.source.sasl.mechanism',
      'task.spec.source.sasl.password',
    ],
    [
      withSource({ tls: { ca: 'x', certificate: 'y' } }),
      'task.spec.source.tls.ca',
      'task.spec.source.tls.certificate',
      'task.spec.source.tls.key',
    ],
    [
      withSource({ tls: { key: '***' } }),
      'task.spec.source.tls.key',
      'task.spec.source.tls.certificate',
    ],
    [
      withSource({ options: { 'ssl.key.location': '/etc/passwd', 'session.timeout.ms': '1' } }),
      'task.spec.source.options["ssl.key.location"]',
      'task.spec.source.options["session.timeout.ms"]',
    ],
    [
      withSource({ schemaRegistryUrl: 'file:///etc/passwd' }),
      'task.spec.source.schema_registry_url',
    ],
    [
      withSource({ schemaRegistryUrl: 'http://u:p@10.0.0.1/' }),
      'task.spec.source.schema_registry_url',
    ],
    [
      withSource({ schemaRegistryUrl: 'http://169.254.169.254/' }),
      'task.spec.source.schema_registry_url',
    ],
    [withSpec({ predictor: {} }), 'task.spec.predictor'],
    [withSpec({ predictor: onnx({}) }), 'task.spec.predictor.onnx.model'],
    [withSpec({ predictor: onnx({ model: 'absent' }) }), 'task.spec.predictor.onnx.model'],
    [
      withSpec({ predictor: onnx({ model: 'users/c2/models/iris' }) }),
      'task.spec.predictor.onnx.model',
    ],
    [
      withSpec({ predictor: onnx({ model: 'iris', features: ['a'] }) }),
      'task.spec.predictor.onnx.features',
    ],
    [
      withSpec({ predictor: onnx({ model: 'iris', features: ['a', 'a', '', 'b'] }) }),
      'task.spec.predictor.onnx.features[1]',
      'task.spec.predictor.onnx.features[2]',
    ],
    [
      withSpec({ predictor: onnx({ model: 'iris', inputs: { Y: 'a' } }) }),
      'task.spec.predictor.onnx.inputs["Y"]',
    ],
    [
      withSpec({
        predictor: onnx({ model: 'iris', features: ['a', 'b', 'c', 'd'], inputs: { X: 'a' } }),
      }),
      'task.spec.predictor.onnx.inputs',
    ],
  ],
  getTask: [
    [{}, 'name'],
    [{ name: 'users/c1/tasks/' }, 'name'],
    [{ name: 'users/c1/tasks/a/executions/1' }, 'name'],
    [{ name: 'users/c1/tasks/a\n' }, 'name'],
  ],
  listTasks: [
    [{}, 'parent'],
    [
      { parent: 'x', filter: 'color = red', orderBy: 'size', pageSize: -1, pageToken: '!' },
      'parent',
      'filter',
      'order_by',
      'page_size',
      'page_token',
    ],
    [{ parent, filter: 'state = ASLEEP' }, 'filter'],
    [{ parent, filter: 'state RUNNING' }, 'filter'],
    [{ parent, filter: 'name = a OR name = b' }, 'filter'],
    [{ parent, filter: 'name = "a' }, 'filter'],
    [{ parent, filter: 'x'.repeat(5_000) }, 'filter'],
    [{ parent, orderBy: 'name sideways' }, 'order_by'],
  ],
  updateTask: [
    [{}, 'task.name'],
    [{ task: { name }, updateMask: { paths: ['uid'] } }, 'update_mask'],
    [
      { task: { name }, updateMask: { paths: ['spec.color', 'labels.a', ''] } },
      'update_mask',
      'update_mask',
      'update_mask',
    ],
    [{ task: { name }, updateMask: { paths: ['*', 'labels'] } }, 'update_mask'],
    [{ task: { name }, updateMask: { paths: ['spec.source'] } }, 'task.spec.source'],
    [{ task: { name, spec: { sink: { topic: 'iris-in' } } } }, 'task.spec.sink.topic'],
    [{ task: { name, spec: { parallelism: 1_000 } } }, 'task.spec.parallelism'],
  ],
  deleteTask: [
    [{}, 'name'],
    [{ name: 'tasks/t', allowMissing: true }, 'name'],
  ],
  startTask: [
    [{}, 'name'],
    [{ name: 't', whenFull: 9, requestId: 'x' }, 'name', 'request_id', 'when_full'],
  ],
  stopTask: [
    [{}, 'name'],
    [{ name: 'users//tasks/t' }, 'name'],
  ],
  validateTask: [
    [{}, 'parent', 'task'],
    [{ parent, task: { spec }, dryRunRecords: 101 }, 'dry_run_records'],
    [{ parent, task: { spec }, dryRunRecords: -1 }, 'dry_run_records'],
  ],
  watchTasks: [
    [{}, 'parent'],
    [{ parent, name }, 'name'],
    [{ parent: 'c1', afterSequence: -1n }, 'parent', 'after_sequence'],
    [{ name: 'c1', afterSequence: 1n << 60n }, 'name', 'after_sequence'],
  ],
  listEvents: [
    [{}, 'parent'],
    [
      { parent: name, pageSize: -1, pageToken: 'x', afterSequence: -1n },
      'page_size',
      'page_token',
      'after_sequence',
    ],
  ],
  getExecution: [
    [{}, 'name'],
    [{ name: `${name}/executions/0` }, 'name'],
    [{ name: `${name}/executions/first` }, 'name'],
  ],
  listExecutions: [
    [{}, 'parent'],
    [{ parent: name, pageSize: -1, pageToken: 'x' }, 'page_size', 'page_token'],
  ],
  uploadModel: [
    [{}, 'parent', 'model_id'],
    [{ parent: 'x', modelId: 'a/b', sha256: '12' }, 'parent', 'model_id', 'sha256'],
    [{ parent, modelId: 'empty' }, 'content'],
    [
      { parent, modelId: 'm', sha256: 'a'.repeat(64), content: { data: Buffer.from('x') } },
      'sha256',
    ],
  ],
  getModel: [
    [{}, 'name'],
    [{ name: 'users/c1/models/..' }, 'name'],
  ],
  listModels: [
    [{}, 'parent'],
    [{ parent, pageSize: -1, pageToken: 'x' }, 'page_size', 'page_token'],
  ],
  deleteModel: [[{}, 'name']],
  predict: [
    [{}, 'name', 'rows'],
    [{ name: 'users/c1/models/iris', rows: many(1_001).map(() => ({})) }, 'rows'],
    [{ name: 'users/c1/models/iris', rows: [{}], features: ['a', ''] }, 'features[1]'],
    [{ name: 'users/c1/models/iris', rows: [{}], features: ['a', 'b'] }, 'features'],
    [{ name: 'users/c1/models/iris', rows: [{}], inputs: { Z: 'a' } }, 'inputs["Z"]'],
  ],
  createUser: [
    [{}, 'user_id', 'role'],
    [
      { userId: 'me', role: 9, password: 'short', projects: ['x'] },
      'user_id',
      'role',
      'password',
      'projects[0]',
    ],
    [{ userId: 'a:b', role: 1, password: 'twelve\u0000 chars' }, 'user_id', 'password'],
    [{ userId: 'u', role: 3, projects: many(101) }, 'projects'],
  ],
  getUser: [
    [{}, 'name'],
    [{ name: 'users/-' }, 'name'],
  ],
  listUsers: [[{ pageSize: -5, pageToken: '?' }, 'page_size', 'page_token']],
  deleteUser: [[{}, 'name']],
  resetCredentials: [
    [{ password: 'short' }, 'name', 'password'],
    [{ name: 'users/me', password: 'twelve\u0000 chars' }, 'password'],
  ],
  createTarget: [
    [
      {},
      'target_id',
      'target',
      'target.spec',
      'target.spec.source',
      'target.spec.sink',
      'target.spec.predictor',
    ],
    [{ targetId: 'a b', target: { spec } }, 'target_id', 'target.spec.predictor.onnx.model'],
  ],
  getTarget: [[{}, 'name']],
  listTargets: [[{ pageSize: -5, pageToken: '?' }, 'page_size', 'page_token']],
  deleteTarget: [[{}, 'name']],
  swapModel: [
    [{}, 'name', 'model'],
    [{ name, model: 'none' }, 'model'],
    [{ name, model: 'users/c2/models/iris' }, 'model'],
    [{ name, model: 'a b', requestId: 'x' }, 'request_id'],
  ],
  shadowModel: [
    [{ name: 'c1' }, 'name', 'model'],
    [{ name, model: 'none' }, 'model'],
  ],
  promoteShadow: [[{ requestId: '7' }, 'name', 'request_id']],
  dropShadow: [[{}, 'name']],
  rollbackModel: [[{}, 'name']],
  tailLogs: [
    [{}, 'name'],
    [{ name: 'users/c1/tasks/t/executions/-', lines: 10_001 }, 'lines'],
  ],
  listDeadLetters: [
    [{}, 'parent'],
    [{ parent: 'users/c1/tasks/t', pageSize: -5 }, 'page_size'],
  ],
  getDeadLetter: [[{}, 'name']],
  replayDeadLetters: [[{}, 'parent']],
  purgeDeadLetters: [[{}, 'parent']],
  // These ask for nothing.
  backup: [],
  getLogLevel: [],
  setLogLevel: [
    [{}, 'level'],
    [{ level: 99 }, 'level'],
  ],
};

const methods = coreServices.flatMap((service): readonly DescMethod[] => service.methods);

test('every rpc has a row in the table of roles, and one here', () => {
  const names = methods.map(({ localName }) => localName).sort();
  // Use cases that only dialects serve have a role too, but no rpc here.
  assert.deepEqual(
    names.filter((name) => !Object.hasOwn(leastRoles, name)),
    [],
  );
  assert.deepEqual(Object.keys(table).sort(), names);
});

test('bad input to every rpc is named field by field and changes nothing', async (t) => {
  const server = await startCore(t);
  const { service, store, c1, c2 } = server;
  await upload(service, c1, 'iris');
  await upload(service, c2, 'iris');
  await service.createTask(c1, { parent, taskId: 't', task: irisTask });
  const transport = transportTo(server, 'Bearer token-admin');
  const before = await stateOf(store);
  let rows = 0;
  for (const method of methods) {
    for (const [request, ...fields] of table[method.localName] ?? []) {
      const label = `${method.localName} ${describe(request)}`;
      const error = await failure(call(transport, method, request), label);
      assert.equal(error.code, Code.InvalidArgument, `${label}: ${error.message}`);
      const [bad] = error.findDetails(BadRequestSchema);
      const [info] = error.findDetails(ErrorInfoSchema);
      const found = bad?.fieldViolations.map(({ field }) => field);
      assert.deepEqual(found, fields, `${label}: ${error.message}`);
      assert.equal(info?.reason, 'INVALID_FIELD');
      assert.equal(info?.domain, 'predictd');
      assert.equal(error.details.length, 2);
      for (const { reason, description } of bad?.fieldViolations ?? []) {
        assert.match(reason, /^[A-Z][A-Z0-9_]{2,62}$/, label);
        assert.match(description, /[.]$/, label);
      }
      rows += 1;
    }
  }
  t.diagnostic(`${rows} bad requests to ${methods.length} rpcs`);
  assert.deepEqual(await stateOf(store), before);
  assert.deepEqual(server.faults, []);
});

test('a filter that is not understood is told by its column', async (t) => {
  const server = await startCore(t);
  const transport = transportTo(server, 'Bearer token-c1');
  const [listTasks] = methods.filter(({ localName }) => localName === 'listTasks');
  assert.ok(listTasks);
  const request = { parent, filter: 'state = RUNNING AND color = red' };
  const error = await failure(call(transport, listTasks, request), 'listTasks');
  assert.match(error.rawMessage, /^filter: At column 21, there is no field "color"; use state,/);
});

async function failure(work: Promise<unknown>, label: string): Promise<ConnectError> {
  const answer = await work.catch((error: unknown) => error);
  assert.ok(answer instanceof ConnectError, `${label} was answered: ${String(answer)}`);
  return answer;
}

async function stateOf(store: Store) {
  return {
    events: await store.eventBounds(),
    tasks: await store.listTasks({ order: 'name', descending: false, limit: 100 }),
    models: await store.listModels('c1', { limit: 100 }),
    users: await store.listUsers({ limit: 100 }),
    executions: await store.activeExecutions(),
  };
}

function describe(request: object): string {
  const replacer = (_key: string, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value;
  return JSON.stringify(request, replacer).slice(0, 200);
}
