import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
