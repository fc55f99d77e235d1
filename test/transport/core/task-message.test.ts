import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { partitionToMessage } from '../../../src/transport/core/task-message.js';

const progress = { partition: 3, offset: 10, endOffset: 12, lag: 2, oldestAt: 1_700_000_000_000 };

test('a partition tells how old its oldest record is that waits', () => {
  const { oldestRecordTime } = partitionToMessage(progress);
  assert.deepEqual(oldestRecordTime, timestampFromMs(1_700_000_000_000));
});

test('a partition without lag, or of unknown age, tells no age', () => {
  const { oldestAt: _unknown, ...ageless } = progress;
  assert.equal(partitionToMessage({ ...progress, offset: 12, lag: 0 }).oldestRecordTime, undefined);
  assert.equal(partitionToMessage(ageless).oldestRecordTime, undefined);
});
