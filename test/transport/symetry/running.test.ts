import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import avro, { type Schema } from 'avsc';
import { framed, startRegistry } from '../../predict/avro/registry-server.js';
import { eventually } from '../../support/eventually.js';
import { fixturePath } from '../../support/fixtures.js';
import { kafkaForTests, type TestKafka, uniqueName } from '../../support/kafka.js';
import { createTask, send } from './client.js';
import { type SymetryServer, secretKey, startSymetry } from './symetry-server.js';

const tasks = '/symetry/rest/c1/tasks';
const runningMs = 60_000;

async function statusOf(server: SymetryServer, task: string): Promise<Record<string, string>> {
  const { text } = await send(server, { target: `${tasks}/${task}` });
  return JSON.parse(text).values.KSVSMap.values[0];
}

/** The same task, asked for over the core's own API. */
async function coreTask(server: SymetryServer, task: string) {
  const response = await fetch(`${server.url}/v1/users/c1/tasks/${task}`, {
    headers: { authorization: 'Bearer token-c1' },
  });
  assert.equal(response.status, 200);
  return JSON.parse(await response.text());
}

/** The values of the first records of a topic with one partition. */
async function readBytes(
  t: TestContext,
  kafka: TestKafka,
  { topic, count }: { readonly topic: string; readonly count: number },
): Promise<readonly Buffer[]> {
  const values: Buffer[] = [];
  const consumer = kafka.client().consumer({ groupId: uniqueName('reader') });
  t.after(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => void values.push(message.value ?? Buffer.alloc(0)),
  });
  const what = `${count} records in ${topic}`;
  await eventually(() => values.length >= count, { deadlineMs: runningMs, what });
  return values;
}

test('S7.2, S8.10: a task is started, seen running in both APIs, refused over the cap, and stopped', async (t) => {
  const kafka = await kafkaForTests();
  const server = await startSymetry(t, { brokers: kafka.brokers, tasksMax: 1 });
  const source = await kafka.createTopic({ prefix: 'symetry-in' });
  const sink = await kafka.createTopic({ prefix: 'symetry-out' });
  const { rows, labels, probabilities } = JSON.parse(
    await readFile(fixturePath('iris.json'), 'utf8'),
  );
  const records = rows.map((features: readonly number[]) => JSON.stringify({ features }));
  await kafka.produceRecords(
    source,
    records.map((value: string, index: number) => ({ key: `k${index}`, value })),
  );
  const params = {
    'bootstrap.servers': kafka.bootstrapServers,
    'sml.kstream.source.topic': source,
    'sml.kstream.sink.topic': sink,
    'sml.kstream.app.id': uniqueName('app'),
    'sml.kstream.schedule.ms': '50',
    'sml.task.heap.min': '128m',
    'sml.task.heap.max': '256m',
  };
  for (const name of ['one', 'two']) {
    assert.equal((await createTask(server, name, { params })).status, 202);
  }
  const started = await send(server, { target: `${tasks}/one/start` });
  assert.equal(started.text, '{"statusCode":"OK","statusString":"OK","values":{}}');
  const running = await eventually(
    async () => {
      const status = await statusOf(server, 'one');
      return status.processIsAlive === 'true' && status;
    },
    { deadlineMs: runningMs, what: 'a live process' },
  );
  assert.equal(running.status, 'running');
  assert.match(running.startDateTime ?? '', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
  assert.equal(running.lastError, '');

  const again = await send(server, { target: `${tasks}/one/start` });
  assert.equal(again.status, 200, 'a repeated GET changes nothing');
  const refused = await send(server, { target: `${tasks}/two/start` });
  assert.deepEqual([refused.status, refused.statusCode], [500, 'INTERNAL_SERVER_ERROR']);
  assert.match(refused.statusString, /^Task execution was refused by server\. .*\(1\)/);
  assert.equal((await statusOf(server, 'two')).status, 'stopped');

  const written = await kafka.readCommitted(sink, { until: records.length });
  assert.equal(written.length, records.length);
  for (const [index, { key, value }] of written.entries()) {
    assert.equal(key, `k${index}`);
    const prediction = JSON.parse(value ?? '{}');
    assert.equal(prediction.res, labels[index]);
    assert.deepEqual(Object.keys(prediction), ['0', '1', '2', 'res']);
    for (const [place, probability] of probabilities[index].entries()) {
      assert.ok(Math.abs(prediction[place] - probability) < 1e-6);
    }
  }

  const seen = await coreTask(server, 'one');
  assert.equal(seen.name, 'users/c1/tasks/one');
  assert.equal(seen.spec.source.topic, source);
  assert.equal(seen.status.processIsAlive, true);
  assert.equal(seen.annotations, undefined);

  const stopped = await send(server, { target: `${tasks}/one/stop` });
  assert.equal(stopped.status, 200);
  const { status, startDateTime, processIsAlive } = await statusOf(server, 'one');
  assert.deepEqual([status, startDateTime, processIsAlive], ['stopped', '', 'false']);

  assert.equal((await send(server, { target: `${tasks}/two/start` })).status, 200);
  const deleted = await send(server, { verb: 'DELETE', target: `${tasks}/two` });
  assert.equal(deleted.status, 200, 'a running task is stopped first');
  assert.equal((await server.store.activeExecutions()).length, 0);
});

test('S8.13, S8.14: with a registry records and predictions are Avro, in Confluent framing', async (t) => {
  const kafka = await kafkaForTests();
  const registry = await startRegistry(t);
  const allowEgress = [registry.address];
  const server = await startSymetry(t, { brokers: kafka.brokers, allowEgress });
  await server.upload('named', 'iris-named.onnx');
  const source = await kafka.createTopic({ prefix: 'symetry-avro-in' });
  const sink = await kafka.createTopic({ prefix: 'symetry-avro-out' });
  const { rows, labels } = JSON.parse(await readFile(fixturePath('iris.json'), 'utf8'));
  const names = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
  const schema: Schema = {
    type: 'record',
    name: 'Iris',
    fields: names.map((name) => ({ name, type: ['null', 'double'] })),
  };
  const type = avro.Type.forSchema(schema);
  const id = registry.add(schema);
  const values: Buffer[] = rows.map((features: readonly number[]) => {
    const fields = names.map((name, index) => [name, features[index]]);
    return framed(id, type.toBuffer(Object.fromEntries(fields)));
  });
  const bad = [
    Buffer.from('{"json":1}'),
    framed(77, Buffer.from([0])),
    framed(id, Buffer.from([9])),
  ];
  await kafka.produceRecords(
    source,
    [...bad, ...values].map((value) => ({ value })),
  );
  const params = {
    'sml.kstream.source.topic': source,
    'sml.kstream.sink.topic': sink,
    'sml.kstream.app.id': uniqueName('app'),
    'sml.kstream.model.b64file': '/models/named',
    'sml.kstream.schedule.ms': '50',
    'schema.registry.url': registry.url,
    'sml.task.heap.min': '128m',
    'sml.task.heap.max': '256m',
  };
  assert.equal((await createTask(server, 'avro', { params })).status, 202);
  assert.equal((await send(server, { target: `${tasks}/avro/start` })).status, 200);
  const written = await readBytes(t, kafka, { topic: sink, count: values.length });
  const predicted = avro.Type.forSchema(JSON.parse(registry.latest(`${sink}-value`) ?? ''));
  assert.deepEqual(
    written.map((value) => predicted.fromBuffer(value.subarray(5)).res),
    labels,
  );
  assert.ok(written.every((value) => value[0] === 0 && value.readInt32BE(1) === id + 1));
  const dead = await kafka.readCommitted(`${sink}.dead-letter`, { until: bad.length });
  assert.equal(dead.length, bad.length);
  assert.equal((await send(server, { target: `${tasks}/avro/stop` })).status, 200);
});

test('S2: in REST mode a task is predicted by a SymetryML server, which may be ours', async (t) => {
  const kafka = await kafkaForTests();
  const remote = await startSymetry(t);
  await remote.upload('m1', 'iris-named.onnx');
  const remoteAddress = new URL(remote.url).host;
  const allowEgress = [remoteAddress];
  const server = await startSymetry(t, { brokers: kafka.brokers, allowEgress });
  const source = await kafka.createTopic({ prefix: 'symetry-rest-in' });
  const sink = await kafka.createTopic({ prefix: 'symetry-rest-out' });
  const { rows, labels } = JSON.parse(await readFile(fixturePath('iris.json'), 'utf8'));
  const names = ['petal_width', 'petal_length', 'sepal_width', 'sepal_length'];
  const records: string[] = rows.map((features: readonly number[]) =>
    JSON.stringify(Object.fromEntries(names.map((name, index) => [name, features[3 - index]]))),
  );
  const bad = [
    '[]',
    JSON.stringify({ petal_width: [1] }),
    records[0]?.replace('0.2', '"wide"') ?? '',
  ];
  await kafka.produceRecords(
    source,
    [...bad, ...records].map((value) => ({ value })),
  );
  const params = {
    'bootstrap.servers': kafka.bootstrapServers,
    'sml.kstream.source.topic': source,
    'sml.kstream.sink.topic': sink,
    'sml.kstream.app.id': uniqueName('app'),
    'sml.kstream.model.b64file': '',
    'sml.kstream.rest': 'true',
    'sml.kstream.project.id': 'p1',
    'sml.kstream.model.id': 'm1',
    'sml.kstream.rest.user': 'c1',
    'sml.kstream.rest.secret': secretKey,
    'sml.kstream.rest.host': remote.url,
    'sml.kstream.record.poll.max': '60',
    'sml.kstream.schedule.ms': '50',
    'sml.task.heap.min': '128m',
    'sml.task.heap.max': '256m',
  };
  assert.equal((await createTask(server, 'rest', { params })).status, 202);
  const seen = await coreTask(server, 'rest');
  assert.deepEqual(seen.spec.predictor, {
    symetry: {
      url: remote.url,
      user: 'c1',
      secretKey: '***',
      project: 'p1',
      model: 'm1',
      features: [],
    },
  });
  assert.equal((await send(server, { target: `${tasks}/rest/start` })).status, 200);
  const written = await kafka.readCommitted(sink, { until: records.length, deadlineMs: 60_000 });
  assert.deepEqual(
    written.map(({ value }) => JSON.parse(value ?? '{}').res),
    labels.map(String),
  );
  const dead = await kafka.readCommitted(`${sink}.dead-letter`, { until: bad.length });
  assert.equal(dead.length, bad.length);
  assert.equal((await send(server, { target: `${tasks}/rest/stop` })).status, 200);
});

test('in REST mode the server must be one that tasks may connect to', async (t) => {
  const server = await startSymetry(t);
  const params = {
    'sml.kstream.model.b64file': '',
    'sml.kstream.rest': 'true',
    'sml.kstream.project.id': 'p1',
    'sml.kstream.model.id': 'm1',
    'sml.kstream.rest.host': 'http://169.254.169.254',
  };
  const { status, statusString } = await createTask(server, 'rest', { params });
  assert.equal(status, 400);
  assert.match(statusString, /^sml\.kstream\.rest\.host: The service may not connect/);
  const nothing = { 'sml.kstream.rest': 'true' };
  const empty = await createTask(server, 'rest', { params: nothing });
  assert.match(empty.statusString, /sml\.kstream\.rest\.host: .*sml\.kstream\.project\.id: /);
});
