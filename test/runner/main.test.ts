import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kafkaForTests } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

describe('a runner process', () => {
  it('predicts every record of a bounded task and then ends by itself', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 4 });
    await kafka.produceRecords(source, irisMessages(1_000));
    const start = startMessage(kafka, { source, sink: `${source}-out`, until: 'END' });
    using runner = new ForkedRunner(start);
    assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
    const out = await kafka.readCommitted(`${source}-out`, { until: 1_000 });
    assert.equal(new Set(out.map(({ key }) => key)).size, 1_000);
    assert.equal(out.length, 1_000);
  });
});
