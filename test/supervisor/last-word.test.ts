import assert from 'node:assert/strict';
import { test } from 'node:test';
import { totalLag } from '../../src/domain/execution.js';
import { consumerGroup } from '../../src/domain/task.js';
import { createCommittedProgress } from '../../src/runner/committed-progress.js';
import { startMessage } from '../runner/forked-runner.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests, type TestKafka } from '../support/kafka.js';
import { openSupervisor } from './open-supervisor.js';

const records = 20_000;
const deadlineMs = 60_000;

test('an execution whose runner was killed ends with the counters that Kafka has', async (t) => {
  const kafka = await kafkaForTests();
  const source = await kafka.createTopic({ partitions: 2 });
  const value = JSON.stringify({ features: [5.1, 3.5, 1.4, 0.2] });
  await kafka.produceRecords(
    source,
    Array.from({ length: records }, () => ({ value })),
  );
  const sink = `${source}-out`;
  const { spec, model, allowEgress } = startMessage(kafka, {
    source,
    sink,
    predictor: { model: 'iris' },
    batch: { maxRecords: 10, maxWaitMs: 50 },
  });
  const runner = { brokers: kafka.brokers, allowEgress };
  const { supervisor, tasks } = await openSupervisor(t, {
    runner,
    committed: createCommittedProgress(runner),
    tasks: [{ spec }],
    ...(model ? { model } : {}),
  });
  const [task] = tasks;
  assert.ok(task);
  await supervisor.start(task, { actor: 'users/ann', whenFull: 'QUEUE' });
  const executionNow = async () => (await supervisor.observe(task.id)).execution;
  await eventually(async () => ((await executionNow())?.progress.counters.recordsOut ?? 0) > 0, {
    deadlineMs,
    what: 'a prediction',
  });
  await supervisor.stop(task, { actor: 'users/ann', force: true });
  const ended = await executionNow();
  assert.ok(ended);
  assert.deepEqual([ended.state, ended.reason], ['CANCELLED', 'KILLED']);
  // Predictions and offsets are committed together; to read the topic would mean to wait for what was under way.
  const done = await committed(kafka, consumerGroup(task), source);
  const { recordsIn, recordsOut } = ended.progress.counters;
  assert.deepEqual([recordsIn, recordsOut], [done, done]);
  assert.equal(totalLag(ended.progress), records - done);
});

/** Records before the offsets of a group. */
async function committed(kafka: TestKafka, groupId: string, topic: string): Promise<number> {
  const admin = kafka.client().admin();
  await admin.connect();
  try {
    const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const offsets = found?.partitions.map(({ offset }) => Math.max(0, Number(offset))) ?? [];
    return offsets.reduce((sum, offset) => sum + offset, 0);
  } finally {
    await admin.disconnect();
  }
}
