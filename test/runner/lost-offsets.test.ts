import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kafkaForTests } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

describe('a partition that has no record at the offset of its group', () => {
  it('is read from its first record if it ends before, and says what that means', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    await kafka.produceRecords(source, irisMessages(30));
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    const admin = kafka.client().admin();
    await admin.connect();
    try {
      const partitions = [{ partition: 0, offset: '500' }];
      await admin.setOffsets({ groupId: start.consumerGroup, topic: source, partitions });
    } finally {
      await admin.disconnect();
    }
    using runner = new ForkedRunner(start);
    await runner.heartbeat(({ counters }) => counters.recordsOut === 30);
    const [warning] = runner.messages.filter(
      (message) => message.type === 'log' && message.reason === 'OFFSETS_LOST',
    );
    assert.ok(warning?.type === 'log', runner.output);
    assert.equal(
      warning.message,
      `${source}-0 was read up to offset 500 and ends at 30 now: it was made anew, or its newest records were lost. ` +
        'It is read from its first record (0) again, and what was predicted of it before comes twice.',
    );
  });
});
