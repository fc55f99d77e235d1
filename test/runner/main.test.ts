import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Message } from 'kafkajs';
import { kafkaForTests, type TestKafka } from '../support/kafka.js';
import { ForkedRunner, type SpecChoices, startMessage } from './forked-runner.js';
import { iris, irisMessages } from './records.js';

/** Runs a bounded task over these records to its end. */
async function runToEnd(
  records: readonly Message[],
  choices: Partial<SpecChoices> & { readonly partitions?: number } = {},
) {
  const kafka = await kafkaForTests();
  const { partitions = 1, ...rest } = choices;
  const source = choices.source ?? (await kafka.createTopic({ partitions }));
  const sink = `${source}-out`;
  if (records.length > 0) await kafka.produceRecords(source, records);
  const start = startMessage(kafka, { until: 'END', ...rest, source, sink });
  using runner = new ForkedRunner(start);
  const outcome = await runner.outcome();
  const last = runner.last('heartbeat');
  assert.ok(last, runner.output);
  return { kafka, source, sink, start, runner, outcome, last };
}

async function readAll(kafka: TestKafka, topic: string, until: number) {
  return await kafka.readCommitted(topic, { until });
}

describe('a runner', () => {
  it('predicts every record of a bounded task once, keeps keys, headers and order, and ends', async () => {
    const records = irisMessages(2_000).map((message) => ({
      ...message,
      headers: { trace: `t-${String(message.key)}` },
    }));
    const { kafka, sink, start, outcome, last } = await runToEnd(records, { partitions: 4 });
    assert.deepEqual(outcome, { type: 'completed' });
    assert.equal(last.counters.recordsOut, 2_000);
    assert.equal(last.percentComplete, 100);
    const out = await readAll(kafka, sink, 2_000);
    assert.equal(out.length, 2_000);
    const newest = new Map<number, number>();
    for (const { partition, key, value, headers } of out) {
      const id = Number(key);
      assert.ok(id > (newest.get(partition) ?? -1));
      newest.set(partition, id);
      assert.deepEqual(headers, {
        trace: `t-${id}`,
        'predictd-model-sha256': start.model?.sha256,
      });
      const row = id % iris.rows.length;
      const prediction = JSON.parse(value ?? '');
      assert.deepEqual(Object.keys(prediction), ['label', 'probabilities']);
      assert.equal(prediction.label, iris.labels[row]);
      assert.deepEqual(
        prediction.probabilities.map(Math.fround),
        iris.probabilities[row]?.map(Math.fround),
      );
    }
  });

  it('ends a bounded task over partitions that are empty or end in transaction markers', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 3 });
    await produceInTransactions(kafka, source);
    const { outcome, sink, last } = await runToEnd([], { source });
    assert.deepEqual(outcome, { type: 'completed' });
    const out = await readAll(kafka, sink, 20);
    assert.deepEqual(
      out.map(({ key }) => Number(key)).sort((a, b) => a - b),
      [...Array(20).keys()],
    );
    assert.deepEqual(
      last.partitions.map(({ lag }) => lag),
      [0, 0, 0],
    );
  });

  it('ends a bounded task over an empty topic', async () => {
    const { outcome, last } = await runToEnd([], { partitions: 2 });
    assert.deepEqual(outcome, { type: 'completed' });
    assert.equal(last.counters.recordsIn, 0);
  });

  it('puts bad records into the dead-letter topic, raw and with their cause and place', async () => {
    const bad: [string, Message][] = [
      ['INVALID_JSON', { key: 'a', value: 'no json' }],
      ['FIELD_MISSING', { key: 'b', value: '{}' }],
      ['WRONG_LENGTH', { key: 'c', value: '{"features":[1,2,3]}' }],
      ['WRONG_TYPE', { key: 'd', value: '{"features":[1,2,3,"4"]}' }],
      ['OUT_OF_RANGE', { key: 'e', value: '{"features":[1,2,3,1e39]}' }],
      ['NOT_AN_OBJECT', { key: 'f', value: '[1,2,3,4]' }],
      ['EMPTY', { key: 'g', value: '' }],
      ['TOMBSTONE', { key: 'h', value: null, headers: { trace: 'x' } }],
    ];
    const records = [...irisMessages(10), ...bad.map(([, message]) => message)];
    const { kafka, source, sink, outcome, last } = await runToEnd(records);
    assert.deepEqual(outcome, { type: 'completed' });
    assert.deepEqual(last.counters, {
      recordsIn: 18,
      recordsOut: 10,
      recordsDeadLettered: 8,
      recordsSkipped: 0,
    });
    const dead = await readAll(kafka, `${sink}.dead-letter`, bad.length);
    for (const [index, [reason, message]] of bad.entries()) {
      const found = dead[index];
      assert.equal(found?.headers['predictd-error-reason'], reason);
      assert.equal(found?.value, message.value);
      assert.equal(found?.key, message.key);
      assert.equal(found?.headers['predictd-source-topic'], source);
      assert.equal(found?.headers['predictd-source-offset'], String(10 + index));
      assert.equal(found?.headers['predictd-source-partition'], '0');
    }
    assert.equal(dead.at(-1)?.headers.trace, 'x');
  });

  it('skips bad records if asked to', async () => {
    const records = [...irisMessages(5), { key: 'bad', value: 'no json' }, ...irisMessages(5, 5)];
    const { outcome, last } = await runToEnd(records, { onBadRecord: 'SKIP' });
    assert.deepEqual(outcome, { type: 'completed' });
    assert.equal(last.counters.recordsSkipped, 1);
    assert.equal(last.counters.recordsOut, 10);
  });

  it('fails for good at a bad record if asked to, and says which one', async () => {
    const records = [...irisMessages(5), { key: 'bad', value: 'no json' }];
    const { outcome, source } = await runToEnd(records, { onBadRecord: 'FAIL' });
    assert.equal(outcome?.type, 'failed');
    assert.ok(outcome.type === 'failed' && outcome.fatal);
    assert.equal(outcome.reason, 'BAD_RECORD');
    assert.ok(outcome.message.startsWith(`${source}-0 at offset 5: INVALID_JSON`), outcome.message);
  });

  it('feeds named inputs, texts included, and maps outputs to other names', async () => {
    const colours = ['red', 'green', 'blue', 'pink'];
    const records = colours.map((colour, size) => ({
      key: colour,
      value: JSON.stringify({ color: colour, size }),
    }));
    const { kafka, sink } = await runToEnd(records, {
      model: 'strings.onnx',
      predictor: { inputs: { colour: 'color' } },
      sinkFields: { cost: 'price' },
    });
    const out = await readAll(kafka, sink, 4);
    assert.deepEqual(
      out.map(({ value }) => value),
      ['{"cost":10}', '{"cost":22}', '{"cost":34}', '{"cost":6}'],
    );
  });

  it('reads named fields as the columns of one tensor', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const rows = iris.rows.slice(0, 30);
    const records = rows.map((row, id) => ({
      key: String(id),
      value: JSON.stringify(Object.fromEntries(names.map((name, column) => [name, row[column]]))),
    }));
    const { kafka, sink } = await runToEnd(records, { predictor: { features: names } });
    const out = await readAll(kafka, sink, 30);
    const labels = out.map(({ value }) => JSON.parse(value ?? '').label);
    assert.deepEqual(labels, iris.labels.slice(0, 30));
  });

  it('splits an output batch that is too large for the sink, and dead-letters a single record that is', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    await createSink(kafka, `${source}-out`, { 'max.message.bytes': '2000' });
    const huge = { ...irisMessages(1, 500)[0], headers: { blob: 'x'.repeat(3_000) } } as Message;
    const records = [...irisMessages(200), huge, ...irisMessages(100, 200)];
    const { outcome, last, sink } = await runToEnd(records, { source });
    assert.deepEqual(outcome, { type: 'completed' });
    assert.equal(last.counters.recordsOut, 300);
    const out = await readAll(kafka, sink, 300);
    assert.deepEqual(
      out.map(({ key }) => Number(key)),
      [...Array(300).keys()],
    );
    const [dead] = await readAll(kafka, `${sink}.dead-letter`, 1);
    assert.equal(dead?.headers['predictd-error-reason'], 'TOO_LARGE');
    assert.equal(dead?.value, huge.value);
  });

  it('sends records to partitions by key when the sink has another number of them', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    const reference = await kafka.createTopic({ partitions: 5 });
    await createSink(kafka, `${source}-out`, {}, 5);
    const records = irisMessages(100);
    await kafka.produceRecords(reference, records);
    const { sink } = await runToEnd(records, { source });
    const place = ({ key, partition }: { key: string | null; partition: number }) =>
      `${key}@${partition}`;
    const out = (await readAll(kafka, sink, 100)).map(place).sort();
    assert.deepEqual(out, (await readAll(kafka, reference, 100)).map(place).sort());
  });

  for (const guarantee of ['EXACTLY_ONCE', 'AT_LEAST_ONCE'] as const) {
    it(`goes on where it stopped, ${guarantee}`, async () => {
      const kafka = await kafkaForTests();
      const source = await kafka.createTopic({ partitions: 2 });
      const sink = `${source}-out`;
      const start = startMessage(kafka, { source, sink, guarantee });
      using first = new ForkedRunner(start);
      await first.ready();
      await kafka.produceRecords(source, irisMessages(100));
      await first.heartbeat(({ counters }) => counters.recordsOut === 100);
      const stoppedAt = performance.now();
      first.stop();
      assert.deepEqual(await first.outcome(), { type: 'stopped' });
      assert.ok(performance.now() - stoppedAt < 2_000);
      await kafka.produceRecords(source, irisMessages(100, 100));
      using second = new ForkedRunner({ ...start, epoch: 2 });
      await second.heartbeat(({ counters }) => counters.recordsOut === 200);
      const out = await readAll(kafka, sink, 200);
      assert.equal(out.length, 200);
      assert.equal(new Set(out.map(({ key }) => key)).size, 200);
    });
  }

  it('says so when the group has forgotten how far it was', async () => {
    const first = await runToEnd(irisMessages(3));
    const forgotten = { ...first.start, executionNumber: 2, consumerGroup: `${first.source}-new` };
    using second = new ForkedRunner(forgotten);
    assert.deepEqual(await second.outcome(), { type: 'completed' });
    using third = new ForkedRunner({ ...forgotten, executionNumber: 3 });
    assert.deepEqual(await third.outcome(), { type: 'completed' });
    const warnings = [first.runner, second, third].map((it) => it.last('log')?.reason);
    assert.deepEqual(warnings, [undefined, 'OFFSETS_MISSING', undefined]);
  });

  it('counts anew in another execution', async () => {
    const first = await runToEnd(irisMessages(30));
    await first.kafka.produceRecords(first.source, irisMessages(12, 30));
    using second = new ForkedRunner({ ...first.start, executionNumber: 2 });
    assert.deepEqual(await second.outcome(), { type: 'completed' });
    assert.equal(second.last('heartbeat')?.counters.recordsOut, 12);
  });

  it('begins behind the newest record if asked to, also when it is killed before the first one', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    await kafka.produceRecords(source, irisMessages(10));
    const start = startMessage(kafka, {
      source,
      sink: `${source}-out`,
      sourceParts: { startFrom: 'LATEST' },
    });
    using first = new ForkedRunner(start);
    await first.ready();
    await first.kill();
    await kafka.produceRecords(source, irisMessages(5, 10));
    using second = new ForkedRunner({ ...start, epoch: 2 });
    await second.heartbeat(({ counters }) => counters.recordsOut === 5);
  });

  it('reads what all four codecs compressed', async () => {
    const kafka = await kafkaForTests();
    const codecs = ['gzip', 'snappy', 'lz4', 'zstd'];
    for (const codec of codecs) {
      const source = await kafka.createTopic({ settings: { 'compression.type': codec } });
      const { outcome, last } = await runToEnd(irisMessages(50), { source });
      assert.deepEqual(outcome, { type: 'completed' }, codec);
      assert.equal(last.counters.recordsOut, 50, codec);
    }
  });

  it("works with kafkajs's own record codec as well", async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    const records = irisMessages(300).map((message) => ({ ...message, headers: { h: 'v' } }));
    await kafka.produceRecords(source, records);
    const start = startMessage(kafka, { source, sink: `${source}-out`, until: 'END' });
    using runner = new ForkedRunner({ ...start, fastCodec: false });
    assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
    const out = await readAll(kafka, `${source}-out`, 300);
    assert.equal(new Set(out.map(({ key }) => key)).size, 300);
    assert.equal(out[0]?.headers.h, 'v');
  });

  for (const [what, choices, reason] of [
    ['the source is missing', { source: 'there-is-no-such-topic' }, 'TOPIC_NOT_FOUND'],
    ['the model takes other records', { predictor: { features: ['a'] } }, 'MODEL_MISMATCH'],
  ] as const satisfies [string, Partial<SpecChoices>, string][]) {
    it(`fails for good when ${what}`, async () => {
      const kafka = await kafkaForTests();
      const source = await kafka.createTopic();
      const start = startMessage(kafka, { source, sink: `${source}-out`, ...choices });
      using runner = new ForkedRunner(start);
      const outcome = await runner.outcome();
      assert.ok(outcome?.type === 'failed' && outcome.fatal);
      assert.equal(outcome.reason, reason);
    });
  }

  it('connects to nobody who is not allowed', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    using runner = new ForkedRunner({ ...start, allowEgress: [] });
    const outcome = await runner.outcome();
    assert.ok(outcome?.type === 'failed' && outcome.fatal);
    assert.equal(outcome.reason, 'EGRESS_DENIED');
  });

  it('asks to be started anew when the source gets more partitions', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    using runner = new ForkedRunner(start);
    await runner.ready();
    const admin = kafka.client().admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic: source, count: 3 }] });
    await admin.disconnect();
    const outcome = await runner.outcome();
    assert.ok(outcome?.type === 'failed' && !outcome.fatal);
    assert.equal(outcome.reason, 'TOPIC_CHANGED');
  });

  it('answers pings while its model never returns, and dies when it is killed', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    const start = startMessage(kafka, { source, sink: `${source}-out`, model: 'loop.onnx' });
    using runner = new ForkedRunner(start);
    await runner.heartbeat(({ conditions }) => {
      return conditions.some(({ type, status }) => type === 'OutputWritable' && status === 'TRUE');
    });
    runner.stop();
    for (let ping = 0; ping < 5; ping++) {
      const before = runner.messages.length;
      runner.child.send({ type: 'ping' });
      const heartbeat = await runner.heartbeat(() => runner.messages.length > before, 2_000);
      const loaded = heartbeat.conditions.find(({ type }) => type === 'ModelLoaded');
      assert.equal(loaded?.status, 'UNKNOWN');
    }
    await runner.kill();
    assert.equal(runner.last('ready'), undefined);
  });

  it('reports every condition as true when it is ready, and answers a ping at once', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    using runner = new ForkedRunner(start);
    await runner.ready();
    const readyAt = runner.messages.findIndex(({ type }) => type === 'ready');
    const shares = runner.messages
      .slice(0, readyAt)
      .flatMap((one) => (one.type === 'heartbeat' ? [one.percentComplete] : []));
    // The last of them says that it is ready.
    assert.deepEqual(new Set(shares.slice(0, -1)), new Set([undefined]));
    const before = runner.messages.length;
    runner.child.send({ type: 'ping' });
    const heartbeat = await runner.heartbeat(() => runner.messages.length > before, 500);
    const states = heartbeat.conditions.map(({ type, status }) => `${type} ${status}`);
    assert.deepEqual(states, [
      'KafkaConnected TRUE',
      'GroupJoined TRUE',
      'ModelLoaded TRUE',
      'OutputWritable TRUE',
      'LoopAlive TRUE',
      'Progressing TRUE',
      'CaughtUp TRUE',
    ]);
    assert.equal(heartbeat.modelSha256, start.model?.sha256);
    assert.ok(heartbeat.memoryBytes > 0);
  });

  it('whose model cannot be loaded says why, and not where the file is', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 1 });
    const folder = await mkdtemp(join(tmpdir(), 'predictd-'));
    const path = join(folder, 'broken.onnx');
    await writeFile(path, 'no model');
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    assert.ok(start.model);
    using runner = new ForkedRunner({ ...start, model: { ...start.model, path } });
    const outcome = await runner.outcome();
    assert.ok(outcome?.type === 'failed');
    assert.equal(outcome.reason, 'MODEL_LOAD_FAILED');
    assert.match(outcome.message, /broken\.onnx/);
    assert.doesNotMatch(outcome.message, new RegExp(folder));
    await rm(folder, { recursive: true });
  });

  it('that is to score with a model that it does not hold ends, to begin again with that one', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 1 });
    using runner = new ForkedRunner(startMessage(kafka, { source, sink: `${source}-out` }));
    await runner.ready();
    runner.child.send({ type: 'use-model', sha256: 'f'.repeat(64) });
    const outcome = await runner.outcome();
    assert.ok(outcome?.type === 'failed');
    assert.deepEqual([outcome.reason, outcome.fatal], ['MODEL_NOT_LOADED', false]);
  });
});

async function createSink(
  kafka: TestKafka,
  topic: string,
  settings: Readonly<Record<string, string>>,
  numPartitions = 1,
): Promise<void> {
  const admin = kafka.client().admin();
  await admin.connect();
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await admin.createTopics({
    topics: [{ topic, numPartitions, configEntries }],
    waitForLeaders: true,
  });
  await admin.disconnect();
}

/** Partition 0: two committed transactions; 1: records of an aborted one only; 2: nothing. */
async function produceInTransactions(kafka: TestKafka, topic: string): Promise<void> {
  const producer = kafka
    .client()
    .producer({ transactionalId: `${topic}-in`, maxInFlightRequests: 1 });
  await producer.connect();
  const send = async (partition: number, first: number, commit: boolean) => {
    const transaction = await producer.transaction();
    const messages = irisMessages(10, first).map((message) => ({ ...message, partition }));
    await transaction.send({ topic, messages });
    await (commit ? transaction.commit() : transaction.abort());
  };
  await send(0, 0, true);
  await send(0, 10, true);
  await send(1, 20, false);
  await producer.disconnect();
}
