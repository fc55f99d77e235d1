import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../support/eventually.js';
import { kafkaForTests, type TestKafka } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

async function addPartitions(kafka: TestKafka, topic: string, count: number): Promise<void> {
  const admin = kafka.client().admin();
  await admin.connect();
  await admin.createPartitions({ topicPartitions: [{ topic, count }] });
  await admin.disconnect();
}

const into = (partition: number, count: number, first = 0) =>
  irisMessages(count, first).map((message) => ({ ...message, partition }));

describe('a source whose partitions become more', () => {
  it('loses nothing, also where the task begins behind the newest record', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    const sink = `${source}-out`;
    await kafka.produceRecords(source, into(0, 5));
    const start = startMessage(kafka, { source, sink, sourceParts: { startFrom: 'LATEST' } });
    using first = new ForkedRunner(start);
    await first.ready();
    await kafka.produceRecords(source, into(0, 3, 100));
    await first.heartbeat(({ counters }) => counters.recordsOut === 3);
    // Killed, so that the records of the new partition are there long before anybody knows it.
    await first.kill();
    await addPartitions(kafka, source, 2);
    await kafka.produceRecords(source, into(1, 7, 200));
    using second = new ForkedRunner({ ...start, epoch: 2 });
    await second.heartbeat(({ counters }) => counters.recordsOut === 10);
    const keys = (await kafka.readCommitted(sink, { until: 10 })).map(({ key }) => Number(key));
    const wanted = [100, 101, 102, 200, 201, 202, 203, 204, 205, 206];
    assert.deepEqual(
      keys.sort((a, b) => a - b),
      wanted,
    );
  });

  it('ends a bounded task where each partition was seen to end, also one that no runner came to', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    await kafka.produceRecords(source, [...into(0, 20), ...into(1, 30)]);
    const start = startMessage(kafka, { source, sink: `${source}-out`, until: 'END' });
    using runner = new ForkedRunner({ ...start, epoch: 2, endOffsets: { 0: 15 } });
    assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
    assert.equal(runner.last('heartbeat')?.counters.recordsOut, 45);
  });
});

describe('a topic that is made anew with fewer partitions', () => {
  for (const which of ['source', 'sink'] as const) {
    it(`asks for a new start: the ${which}`, async () => {
      const kafka = await kafkaForTests();
      const source = await kafka.createTopic({ partitions: 3 });
      const sink = `${source}-out`;
      const start = startMessage(kafka, { source, sink });
      using runner = new ForkedRunner(start);
      await runner.ready();
      await remake(kafka, which === 'source' ? source : sink);
      // In all partitions, so that one is met that is not there.
      await kafka.produceRecords(source, irisMessages(30));
      const outcome = await runner.outcome();
      assert.ok(outcome?.type === 'failed' && !outcome.fatal);
      assert.equal(outcome.reason, 'TOPIC_CHANGED');
      using second = new ForkedRunner({ ...start, epoch: 2 });
      const isDone = ({ counters }: { counters: { recordsOut: number } }) =>
        counters.recordsOut === 30;
      await second.heartbeat(isDone);
    });
  }

  it('does not hold up the end of a bounded task', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    await kafka.produceRecords(source, irisMessages(5));
    const start = startMessage(kafka, { source, sink: `${source}-out`, until: 'END' });
    using runner = new ForkedRunner({ ...start, epoch: 2, endOffsets: { 0: 5, 1: 7 } });
    assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
  });
});

async function remake(kafka: TestKafka, topic: string): Promise<void> {
  const admin = kafka.client().admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topic] });
  await eventually(
    async () => {
      const made = { topic, numPartitions: 1, replicationFactor: 1 };
      return await admin.createTopics({ topics: [made], waitForLeaders: true });
    },
    { deadlineMs: 20_000, what: `${topic} is made anew` },
  );
  await admin.disconnect();
}
