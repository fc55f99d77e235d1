import assert from 'node:assert/strict';
import { test } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { Format, Until } from '../../gen/ts/predictd/v1/task_pb.js';
import { iris } from '../runner/records.js';
import { kafkaForTests, type TestKafka } from '../support/kafka.js';
import { type ServiceUnderTest, serviceUnderTest, taskName } from './service-under-test.js';

const parent = 'users/admin';

function rowOf(numbers: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(numbers).buffer);
}

function specOf(topic: string) {
  return {
    source: { topic, format: Format.FLOAT32 },
    sink: { topic: `${topic}-out`, format: Format.FLOAT32, fields: { p: 'probabilities' } },
    predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
    until: Until.END,
  } as const;
}

async function start(): Promise<{ kafka: TestKafka; under: ServiceUnderTest }> {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers });
  await under.upload('iris');
  return { kafka, under };
}

test('raw tensors go in and out, and what is none becomes a dead letter', async (t) => {
  const { kafka, under } = await start();
  t.after(() => under[Symbol.asyncDispose]());
  const topic = await kafka.createTopic({ prefix: 'raw', partitions: 2 });
  const bad = [rowOf([1, 2, 3]), rowOf([1, Number.NaN, 3, 4]), Buffer.from('{"features":[1] }')];
  const values = [...iris.rows.map(rowOf), ...bad, null];
  const messages = values.map((value, index) => ({ key: String(index), value }));
  await kafka.produceRecords(topic, messages);
  const { tasks, deadLetters } = under.connection;
  const task = { spec: specOf(topic) };
  const rehearsed = await tasks.validateTask({ parent, task, dryRunRecords: 5 });
  assert.deepEqual(rehearsed.faults, []);
  const [first] = rehearsed.records;
  const inputs = iris.rows.map((row) => JSON.stringify(row));
  assert.ok(inputs.includes(first?.input ?? ''), `${first?.input} are the numbers of a record`);
  assert.ok(Array.isArray(first?.output?.p));
  await tasks.createTask({ parent, taskId: 'raw', task });
  await tasks.startTask({ name: taskName('raw') });
  const ended = await under.reach('raw', [State.COMPLETED_WITH_WARNINGS]);
  assert.equal(ended.status?.counters?.recordsDeadLettered, 4n);
  const written = await kafka.readCommitted(`${topic}-out`, { until: iris.rows.length });
  assert.equal(written.length, iris.rows.length);
  for (const { key, bytes } of written) {
    const expected = iris.probabilities[Number(key)] ?? [];
    assert.equal(bytes?.length, 12);
    const found = expected.map((_, index) => bytes?.readFloatLE(4 * index) ?? 0);
    for (const [index, p] of found.entries()) {
      assert.ok(Math.abs(p - (expected[index] ?? 0)) < 1e-5, `record ${key}: ${found}`);
    }
  }
  const { deadLetters: letters } = await deadLetters.listDeadLetters({ parent: taskName('raw') });
  const shown = letters.map(({ reason, json }) => [reason, json?.kind.case]);
  assert.deepEqual(shown.sort(), [
    ['NOT_FINITE', 'listValue'],
    ['TOMBSTONE', undefined],
    ['WRONG_LENGTH', 'listValue'],
    ['WRONG_LENGTH', 'structValue'],
  ]);
});

test('records are predicted as they are while the memory they were fetched into is used again', async (t) => {
  const { kafka, under } = await start();
  t.after(() => under[Symbol.asyncDispose]());
  const topic = await kafka.createTopic({ prefix: 'again', partitions: 4 });
  const count = 16_000;
  const rowFor = (index: number) => (index * 7) % iris.rows.length;
  const messages = Array.from({ length: count }, (_, index) => ({
    key: `key-${index}`,
    value: rowOf(iris.rows[rowFor(index)] ?? []),
    headers: { filling: `${index} `.repeat(200) },
  }));
  for (let from = 0; from < count; from += 1_000) {
    await kafka.produceRecords(topic, messages.slice(from, from + 1_000));
  }
  // Some 16 MB in frames of less than 1 MiB, and micro-batches that end in the middle of them.
  const { source, ...spec } = specOf(topic);
  const options = { 'max.partition.fetch.bytes': '200000' };
  const batch = { maxRecords: 333 };
  const task = { spec: { ...spec, source: { ...source, options }, batch } };
  await under.connection.tasks.createTask({ parent, taskId: 'again', task });
  await under.connection.tasks.startTask({ name: taskName('again') });
  await under.reach('again', [State.COMPLETED]);
  const written = await kafka.readCommitted(`${topic}-out`, { until: count });
  assert.equal(new Set(written.map(({ key }) => key)).size, count);
  for (const { key, bytes, headers } of written) {
    const index = Number(key?.slice('key-'.length));
    const expected = iris.probabilities[rowFor(index)] ?? [];
    for (const [column, p] of expected.entries()) {
      const found = bytes?.readFloatLE(4 * column) ?? Number.NaN;
      assert.ok(Math.abs(p - found) < 1e-5, `${key}: ${found} is not ${p}`);
    }
    assert.equal(headers.filling, `${index} `.repeat(200));
  }
});

test('what raw tensors cannot do is said before a task is made', async (t) => {
  const { under } = await start();
  t.after(() => under[Symbol.asyncDispose]());
  const { sink, ...spec } = specOf('in');
  const task = { spec: { ...spec, sink: { ...sink, fields: {} } } };
  const { faults } = await under.connection.tasks.validateTask({ parent, task });
  assert.deepEqual(
    faults.map(({ field, reason }) => `${field} ${reason}`),
    ['spec.sink.format MODEL_MISMATCH'],
  );
  assert.match(faults[0]?.description ?? '', /"label" is of int64.*"probabilities"/);
});
