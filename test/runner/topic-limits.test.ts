import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adaptedPlan } from '../../src/runner/adapted-plan.js';
import { limitsOf, noLimits, TopicGate, type TopicLimits } from '../../src/runner/topic-limits.js';
import { kafkaForTests, type TestKafka } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

const hour = 3_600_000;
const now = 1_800_000_000_000;

async function createSink(kafka: TestKafka, topic: string, settings: Record<string, string>) {
  const admin = kafka.client().admin();
  await admin.connect();
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  await admin.createTopics({ topics: [{ topic, configEntries }], waitForLeaders: true });
  await admin.disconnect();
}

/** The topic that refuses nothing by its time, as all of them did before Kafka 4. */
const anyTime = { 'message.timestamp.after.max.ms': '9223372036854775807' };

describe('a record that the sink would not take', () => {
  it('is dead-lettered for its time, and the others are predicted', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ settings: anyTime });
    const sink = `${source}-out`;
    const ahead = String(Date.now() + 30 * 24 * hour);
    const records = irisMessages(10).map((message, index) =>
      index === 4 ? { ...message, timestamp: ahead } : message,
    );
    await kafka.produceRecords(source, records);
    using runner = new ForkedRunner(startMessage(kafka, { source, sink, until: 'END' }));
    assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
    assert.equal((await kafka.readCommitted(sink, { until: 9 })).length, 9);
    const [letter] = await kafka.readCommitted(`${sink}.dead-letter`, { until: 1 });
    assert.equal(letter?.headers['predictd-error-reason'], 'TIME_REFUSED');
    assert.equal(letter?.headers['predictd-source-timestamp'], ahead);
    assert.equal(letter?.key, '4');
  });

  it('is dead-lettered for want of a key where the sink is compacted', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    const sink = `${source}-out`;
    await createSink(kafka, sink, { 'cleanup.policy': 'compact' });
    const records = irisMessages(10).map(({ key, value }, index) => ({
      key: index === 4 ? null : (key ?? null),
      value,
    }));
    await kafka.produceRecords(source, records);
    using runner = new ForkedRunner(startMessage(kafka, { source, sink, until: 'END' }));
    assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
    const [letter] = await kafka.readCommitted(`${sink}.dead-letter`, { until: 1 });
    assert.equal(letter?.headers['predictd-error-reason'], 'KEY_MISSING');
    assert.equal(runner.last('heartbeat')?.counters.recordsOut, 9);
  });

  it('ends the task and says so where nobody knew before', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    const sink = `${source}-out`;
    await createSink(kafka, `${sink}.dead-letter`, { 'cleanup.policy': 'compact' });
    await kafka.produceRecords(source, [{ key: null, value: 'no json' }]);
    using runner = new ForkedRunner(startMessage(kafka, { source, sink, until: 'END' }));
    const outcome = await runner.outcome();
    assert.ok(outcome?.type === 'failed' && outcome.fatal);
    assert.equal(outcome.reason, 'SINK_REFUSED');
    assert.match(outcome.message, /without a key/);
  });
});

describe('the limits of a topic', () => {
  const read = (settings: Record<string, string>) => limitsOf(new Map(Object.entries(settings)));

  it('are read from its settings, whatever release names them', () => {
    assert.deepEqual(read({}), noLimits);
    assert.deepEqual(
      read({
        'cleanup.policy': 'compact,delete',
        'message.timestamp.type': 'CreateTime',
        'message.timestamp.before.max.ms': '9223372036854775807',
        'message.timestamp.after.max.ms': '3600000',
      }),
      { beforeMs: Number.POSITIVE_INFINITY, afterMs: hour, needsKey: true },
    );
    assert.deepEqual(read({ 'message.timestamp.difference.max.ms': '5000' }), {
      beforeMs: 5_000,
      afterMs: 5_000,
      needsKey: false,
    });
    const byBroker = {
      'message.timestamp.type': 'LogAppendTime',
      'message.timestamp.after.max.ms': '3600000',
    };
    assert.deepEqual(read(byBroker), noLimits);
  });

  it('let through what is within, and what has no time', () => {
    const gate = new TopicGate('t', { beforeMs: 10, afterMs: 20, needsKey: false }, now);
    const taken = [now - 10, now, now + 20, -1].map((time) => gate.takesTime(time));
    assert.deepEqual(taken, [true, true, true, true]);
    assert.ok(!gate.takesTime(now - 11));
    assert.ok(!gate.takesTime(now + 21));
    assert.ok(!gate.takesTime(Number.MAX_SAFE_INTEGER));
  });
});

describe('a plan that a broker refuses', () => {
  const topic = { topic: 't', partitions: 1, maxBatchBytes: 4_096, limits: noLimits };
  const plan = { sourcePartitions: 1, partitionsAtStart: 1, sink: topic, deadLetter: topic };

  it('is adapted to smaller batches until they cannot be smaller', () => {
    const first = adaptedPlan(plan, 'MESSAGE_TOO_LARGE')?.plan;
    assert.equal(first?.sink.maxBatchBytes, 2_048);
    assert.equal(first?.deadLetter?.maxBatchBytes, 2_048);
    const last = adaptedPlan(first ?? plan, 'RECORD_LIST_TOO_LARGE')?.plan;
    assert.equal(last?.sink.maxBatchBytes, 1_024);
    assert.equal(adaptedPlan(last ?? plan, 'MESSAGE_TOO_LARGE'), undefined);
  });

  it('is adapted to the limit on times that brokers have by default, then to clocks that differ', () => {
    const limits: TopicLimits[] = [];
    for (let next = adaptedPlan(plan, 'INVALID_TIMESTAMP'); next && limits.length < 100; ) {
      limits.push(next.plan.sink.limits);
      next = adaptedPlan(next.plan, 'INVALID_TIMESTAMP');
    }
    assert.equal(limits[0]?.afterMs, hour);
    assert.equal(limits[1]?.afterMs, hour - 60_000);
    assert.equal(limits.length, 60);
  });

  it('stays as it is for any other error', () => {
    assert.equal(adaptedPlan(plan, 'INVALID_RECORD'), undefined);
  });
});
