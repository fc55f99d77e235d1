import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTask, encrypted, irisParams, send } from './client.js';
import { type SymetryServer, secretKey, startSymetry } from './symetry-server.js';
import { vectorDate, vectors } from './vectors.js';

const tasks = '/symetry/rest/c1/tasks';

async function specOf(server: SymetryServer, name: string) {
  const task = await server.store.taskByName('c1', name);
  assert.ok(task);
  return task.spec;
}

async function warningsOf(server: SymetryServer, name: string): Promise<string[]> {
  const request = { parent: `users/c1/tasks/${name}` };
  const { events } = await server.service.listEvents(server.callers.c1, request);
  return events.filter(({ severity }) => severity === 'WARNING').map(({ message }) => message);
}

test('S7.1: create answers 202 and CREATED, and 409 and CONFLICT for a name that is taken', async (t) => {
  const server = await startSymetry(t);
  const created = await createTask(server, 'iris-stream');
  assert.equal(created.status, 202);
  assert.equal(
    created.text,
    '{"statusCode":"CREATED","statusString":"Task created with name [iris-stream] for customer [c1]","values":{}}',
  );
  const again = await createTask(server, 'iris-stream');
  assert.equal(again.status, 409);
  assert.equal(
    again.text,
    '{"statusCode":"CONFLICT","statusString":"Customer [c1] already have Task with name [iris-stream]","values":{}}',
  );
});

test('S8.20: force is read as Java reads it', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'a');
  for (const query of ['?force=true', '?force=TRUE', '?force=True']) {
    assert.equal((await createTask(server, 'a', { query })).status, 202, query);
  }
  for (const query of ['', '?force=', '?force', '?force=false', '?force=yes', '?force=1']) {
    assert.equal((await createTask(server, 'a', { query })).status, 409, query);
  }
  const twice = await createTask(server, 'a', { query: '?force=true&force=true' });
  assert.equal(twice.statusCode, 'BAD_REQUEST');
});

test('S7.4: list answers the names in their order, also where the document prints it', async (t) => {
  const server = await startSymetry(t);
  const none = await send(server, { target: tasks });
  const empty = '{"statusCode":"OK","statusString":"OK","values":{"stringList":{"values":[]}}}';
  assert.equal(none.text, empty);
  for (const name of ['b', 'a', 'c']) await createTask(server, name);
  for (const target of [tasks, '/c1/tasks']) {
    const { status, values } = await send(server, { target });
    assert.equal(status, 200);
    assert.deepEqual(values, { stringList: { values: ['a', 'b', 'c'] } });
  }
});

test('S7.5: status has the four documented keys, as texts', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'iris-stream');
  const { status, text } = await send(server, { target: `${tasks}/iris-stream` });
  assert.equal(status, 200);
  assert.equal(
    text,
    '{"statusCode":"OK","statusString":"OK","values":{"KSVSMap":{"values":[{"status":"stopped","startDateTime":"","processIsAlive":"false","lastError":""}]}}}',
  );
});

test('S7.3, S8.11: stopping a stopped task is no error', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'iris-stream');
  const { status, text } = await send(server, { target: `${tasks}/iris-stream/stop` });
  assert.equal(status, 200);
  assert.equal(text, '{"statusCode":"OK","statusString":"OK","values":{}}');
});

test('S7.6, S8.9: delete answers 200, and a task that is not there 400 on every route', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'iris-stream');
  const target = `${tasks}/iris-stream`;
  const { status, text } = await send(server, { verb: 'DELETE', target });
  assert.equal(status, 200);
  assert.equal(
    text,
    '{"statusCode":"OK","statusString":"deleted Task with id[iris-stream] from Customer[c1] store","values":{}}',
  );
  for (const [verb, path] of [
    ['DELETE', target],
    ['GET', target],
    ['GET', `${target}/start`],
    ['GET', `${target}/stop`],
  ] as const) {
    const gone = await send(server, { verb, target: path });
    assert.equal(gone.statusCode, 'BAD_REQUEST');
    const text = 'Cannot Find Task id[iris-stream] for Customer id [c1]';
    assert.equal(gone.statusString, text);
  }
});

test('S2: every key of the stream application has its place in the task', async (t) => {
  const server = await startSymetry(t, { allowEgress: ['charm:9092', 'charm2:9092'] });
  const params = {
    'bootstrap.servers': 'charm:9092, charm2:9092',
    'sml.kafka.fetch.max.wait.ms': 250,
    'session.timeout.ms': '10000',
    'auto.offset.reset': 'latest',
    'processing.guarantee': 'at_least_once',
    'num.stream.threads': 2,
    'predictd.features': 'sepal_length, sepal_width,petal_length,petal_width',
    'sml.task.heap.min': '512m',
    'sml.task.heap.max': '1g',
    'enable.auto.commit': false,
  };
  assert.equal((await createTask(server, 'a', { params })).status, 202);
  const spec = await specOf(server, 'a');
  assert.deepEqual(spec.source, {
    topic: 'sml-ks-test',
    format: 'JSON',
    bootstrapServers: ['charm:9092', 'charm2:9092'],
    startFrom: 'LATEST',
    consumerGroup: 'smlks-app-v1',
    options: {
      'fetch.max.wait.ms': '250',
      'session.timeout.ms': '10000',
      'client.id': 'smlks-client-v1',
    },
    schemaRegistryUrl: '',
  });
  assert.equal(spec.sink.topic, 'sml-ks-pres-test');
  assert.deepEqual(spec.batch, { maxRecords: 500, maxWaitMs: 5_000 });
  const { guarantee, parallelism, heapMinMib, heapMaxMib } = spec;
  assert.deepEqual(
    [guarantee, parallelism, heapMinMib, heapMaxMib],
    ['AT_LEAST_ONCE', 2, 512, 1024],
  );
  assert.equal(spec.predictor.type, 'onnx');
  assert.deepEqual(await warningsOf(server, 'a'), []);
});

test('S1: the heap keys have the documented defaults', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'a', { params: { 'sml.task.heap.min': '', 'sml.task.heap.max': null } });
  const { heapMinMib, heapMaxMib } = await specOf(server, 'a');
  assert.deepEqual([heapMinMib, heapMaxMib], [1_024, 2_048]);
});

test('S8.2: unknown keys are kept and told of, and what reads like a secret is not kept', async (t) => {
  const server = await startSymetry(t);
  const params = {
    'sml.kstream.future': 'x',
    'sml.kafka.client.dns.lookup': 'use_all_dns_ips',
    'sml.kafka.sasl.jaas.config': 'PlainLoginModule required password="hunter2";',
  };
  assert.equal((await createTask(server, 'a', { params })).status, 202);
  const [warning = '', ...more] = await warningsOf(server, 'a');
  assert.deepEqual(more, []);
  for (const key of Object.keys(params)) assert.ok(warning.includes(key), warning);
  const task = await server.store.taskByName('c1', 'a');
  const kept = task?.annotations['symetry/unknown-params'] ?? '';
  assert.deepEqual(JSON.parse(kept), { ...params, 'sml.kafka.sasl.jaas.config': '***' });
  assert.equal(task?.annotations['symetry/type'], 'kafka');
});

test('a batch that may not be so large is cut, and its owner is told', async (t) => {
  const server = await startSymetry(t);
  const params = { 'sml.kstream.schedule.ms': '600000', 'sml.kstream.record.poll.max': 1_000_000 };
  assert.equal((await createTask(server, 'a', { params })).status, 202);
  assert.deepEqual((await specOf(server, 'a')).batch, { maxRecords: 100_000, maxWaitMs: 60_000 });
  assert.equal((await warningsOf(server, 'a')).length, 2);
});

test('S8.17: settings of REST mode are told to have no effect in the other mode', async (t) => {
  const server = await startSymetry(t);
  const params = { 'sml.kstream.rest': 'false', 'sml.kstream.rest.secret': 'hunter2' };
  assert.equal((await createTask(server, 'a', { params })).status, 202);
  const [warning = '', ...more] = await warningsOf(server, 'a');
  assert.match(warning, /sml\.kstream\.rest\.secret/);
  assert.deepEqual(more, []);
  assert.doesNotMatch(JSON.stringify(await server.store.taskByName('c1', 'a')), /hunter2/);
});

test('S8.17: who is not named in REST mode predicts as himself, by his own key', async (t) => {
  const server = await startSymetry(t, { allowEgress: ['server:8080'] });
  const params = {
    'sml.kstream.rest': 'TRUE',
    'sml.kstream.rest.host': 'http://server:8080',
    'sml.kstream.project.id': 'p1',
    'sml.kstream.model.id': 'm1',
  };
  assert.equal((await createTask(server, 'a', { params })).status, 202);
  const predictor = { type: 'symetry', url: 'http://server:8080', user: 'c1', secretKey };
  const expected = { ...predictor, project: 'p1', model: 'm1', features: [] };
  assert.deepEqual((await specOf(server, 'a')).predictor, expected);
  const shown = await server.service.getTask(server.callers.c1, { name: 'users/c1/tasks/a' });
  assert.doesNotMatch(JSON.stringify(shown), new RegExp(secretKey.slice(0, 16)));
  for (const name of ['predictd.db', 'predictd.db-wal']) {
    const bytes = await readFile(join(server.dataDir, name));
    assert.ok(!bytes.includes(secretKey), 'it is sealed where it is kept');
  }
});

test('S7: the exchanges of the contract happen as they are written there', async (t) => {
  const noon = Date.UTC(2026, 0, 15, 12);
  const allowEgress = ['localhost:9092', 'localhost:8081', 'localhost:8080'];
  const server = await startSymetry(t, { now: () => noon, allowEgress });
  const answers: string[] = [];
  for (const { verb, path, query, body, authorization } of vectors) {
    const target = query === '' ? path : `${path}?${query}`;
    const headers = { authorization };
    const request = { verb, target, headers, symDate: vectorDate };
    const { status, text } = await send(server, body === '' ? request : { ...request, body });
    answers.push(`${status} ${text}`);
  }
  const ok = '200 {"statusCode":"OK","statusString":"OK","values":{}}';
  const created =
    '202 {"statusCode":"CREATED","statusString":"Task created with name [iris-stream] for customer [c1]","values":{}}';
  assert.deepEqual(answers, [
    created,
    created,
    ok,
    ok,
    '200 {"statusCode":"OK","statusString":"OK","values":{"stringList":{"values":["iris-stream"]}}}',
    '200 {"statusCode":"OK","statusString":"OK","values":{"KSVSMap":{"values":[{"status":"stopped","startDateTime":"","processIsAlive":"false","lastError":""}]}}}',
    '200 {"statusCode":"OK","statusString":"deleted Task with id[iris-stream] from Customer[c1] store","values":{}}',
  ]);
});

test('S8.18: the model file is only ever the name of an uploaded model', async (t) => {
  const server = await startSymetry(t);
  for (const file of ['iris', '/datasets/rez/iris', '../../iris', 'C:\\models\\iris']) {
    const params = { 'sml.kstream.model.b64file': file };
    assert.equal(
      (await createTask(server, 'a', { params, query: '?force=true' })).status,
      202,
      file,
    );
    const { predictor } = await specOf(server, 'a');
    assert.equal(predictor.type === 'onnx' ? predictor.model : '', 'iris');
  }
  for (const file of [
    '/etc/passwd',
    '..',
    '/',
    'iris/',
    '/dev/stdin',
    'iris\u0000',
    'x'.repeat(300),
  ]) {
    const params = { 'sml.kstream.model.b64file': file };
    const { status, statusString } = await createTask(server, 'b', { params });
    assert.equal(status, 400, file);
    assert.match(statusString, /^sml\.kstream\.model\.b64file: /, file);
  }
});

test('faults are told by the keys that the client wrote', async (t) => {
  const server = await startSymetry(t);
  const cases: readonly [Record<string, unknown>, string][] = [
    [{ 'sml.kstream.source.topic': '' }, 'sml.kstream.source.topic'],
    [{ 'sml.kstream.sink.topic': 'a b' }, 'sml.kstream.sink.topic'],
    [{ 'sml.kstream.sink.topic': 'sml-ks-test' }, 'sml.kstream.sink.topic'],
    [{ 'sml.kstream.client.id': 'a/b' }, 'sml.kstream.client.id'],
    [{ 'sml.kstream.record.poll.max': '-1' }, 'sml.kstream.record.poll.max'],
    [{ 'sml.kstream.record.poll.max': 0 }, 'sml.kstream.record.poll.max'],
    [{ 'sml.kstream.schedule.ms': 'soon' }, 'sml.kstream.schedule.ms'],
    [{ 'sml.task.heap.max': '1x' }, 'sml.task.heap.max'],
    [{ 'sml.task.heap.min': '3g' }, 'sml.task.heap.min'],
    [{ 'bootstrap.servers': '169.254.169.254:80' }, 'bootstrap.servers'],
    [{ 'bootstrap.servers': 'nonsense' }, 'bootstrap.servers'],
    [{ 'schema.registry.url': 'file:///etc/passwd' }, 'schema.registry.url'],
    [{ 'session.timeout.ms': '1' }, 'session.timeout.ms'],
    [
      { 'sml.kafka.session.timeout.ms': '7000', 'session.timeout.ms': '8000' },
      'session.timeout.ms',
    ],
    [{ 'auto.offset.reset': 'none' }, 'auto.offset.reset'],
    [{ 'processing.guarantee': 'perhaps' }, 'processing.guarantee'],
    [{ 'num.stream.threads': '1000' }, 'num.stream.threads'],
    [{ 'predictd.features': 'a,b' }, 'predictd.features'],
  ];
  for (const [params, key] of cases) {
    const { status, statusCode, statusString } = await createTask(server, 'a', { params });
    assert.deepEqual([status, statusCode], [400, 'BAD_REQUEST'], key);
    assert.ok(statusString.startsWith(`${key}: `), statusString);
  }
  const names = ['', '../c2/x', 'a b', 'a/b', 'x'.repeat(129), '\u0000'];
  for (const name of names) {
    const { status, statusString } = await createTask(server, name);
    assert.equal(status, 400);
    assert.match(statusString, /^name: /);
  }
  assert.deepEqual((await send(server, { target: tasks })).values, { stringList: { values: [] } });
});

test('malformed bodies are 400 in the envelope and change nothing', async (t) => {
  const server = await startSymetry(t, { allowPlainTaskInfo: true });
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const valid = JSON.stringify({ type: 'kafka', name: 'a', params: irisParams });
  const plain = [
    '{',
    '{}',
    '[]',
    'null',
    '{"name":"a","params":[]}',
    '{"name":"a","params":{"k":{}}}',
    '{"name":"a","name":"b"}',
    '{"name":{"a":1}}',
    '{"name":"a","params":{"__proto__":"x"}}',
    '{"name":"a","params":{"a b":"x"}}',
    `{"name":"a","params":${deep}}`,
    JSON.stringify({ name: 'a', params: Object.fromEntries(manyKeys(257)) }),
    '\ufeff{}',
  ];
  const bodies = [
    ...plain,
    ...plain.map((text) => encrypted(text)),
    'not base64!',
    'AAAA',
    encrypted(valid, 'EYpWjGPaoMoFUb/jfW95PQ=='),
    encrypted(valid).slice(0, -4),
    ' ',
  ];
  for (const body of bodies) {
    const answer = await send(server, { verb: 'POST', target: `${tasks}/create`, body });
    assert.equal(answer.status, 400, `${body.slice(0, 60)} ${answer.text}`);
    assert.equal(answer.statusCode, 'BAD_REQUEST');
    assert.ok(answer.text.length < 1_000);
  }
  const none = await send(server, { verb: 'POST', target: `${tasks}/create` });
  assert.equal(none.status, 400);
  assert.deepEqual((await send(server, { target: tasks })).values, { stringList: { values: [] } });
});

test('S3.4: a plain TaskInfo is taken only if the operator allows it', async (t) => {
  const body = JSON.stringify({ type: 'kafka', name: 'a', params: irisParams });
  const request = { verb: 'POST', target: `${tasks}/create`, body };
  const strict = await send(await startSymetry(t), request);
  assert.deepEqual([strict.status, strict.statusString], [400, 'TaskInfo is not encrypted']);
  const lenient = await startSymetry(t, { allowPlainTaskInfo: true });
  assert.equal((await send(lenient, request)).status, 202);
  assert.equal((await createTask(lenient, 'b')).status, 202);
});

test('what is near the routes is refused in the envelope', async (t) => {
  const server = await startSymetry(t);
  const cases = [
    ['GET', '/symetry/rest/c1/tasks/a/pause', 404],
    ['PUT', `${tasks}/a`, 405],
    ['GET', '/symetry/rest//tasks', 400],
    ['GET', '/symetry/rest/c1/tasks/%00', 400],
    ['GET', '/symetry/rest/c1/tasks/a%2fb', 400],
    ['GET', '/symetry/rest/c1/tasks/%zz', 400],
    ['GET', `${tasks}?unknown=1`, 400],
  ] as const;
  for (const [verb, target, status] of cases) {
    const request = target.includes('%') ? { signedPath: target } : {};
    const answer = await send(server, { verb, target, ...request });
    assert.equal(answer.status, status, answer.text);
  }
  const body = 'x'.repeat(5 * 1024 * 1024);
  const large = await send(server, { verb: 'POST', target: `${tasks}/create`, body });
  assert.deepEqual([large.status, large.statusCode], [413, 'REQUEST_ENTITY_TOO_LARGE']);
});

function manyKeys(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`key${index}`, 'x']);
}
