import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaErrorType } from '../../src/kafka/kafka-error.js';
import { nameNewErrors, protocolError } from '../../src/kafka/protocol-errors.js';

test('errors that are newer than kafkajs have their names, and older ones keep theirs', () => {
  nameNewErrors();
  nameNewErrors();
  const names = [30, 88, 90, 113, 120].map((code) => kafkaErrorType(protocolError(code)));
  assert.deepEqual(names, [
    'GROUP_AUTHORIZATION_FAILED',
    'UNSTABLE_OFFSET_COMMIT',
    'PRODUCER_FENCED',
    'STALE_MEMBER_EPOCH',
    'TRANSACTION_ABORTABLE',
  ]);
  assert.match(protocolError(9_999).message, /9999/);
});
