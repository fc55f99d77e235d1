import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaErrorMessage, kafkaErrorType, namingTopics } from '../../src/kafka/kafka-error.js';
import { nameNewErrors, protocolError } from '../../src/kafka/protocol-errors.js';
import { parseAddedPartitions } from '../../src/kafka/txn-refusals.js';

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

test('an error of a topic names those that it may be of, and stays what it is', () => {
  const denied = namingTopics(protocolError(29), ['sink', 'source', 'sink']);
  assert.equal(kafkaErrorType(denied), 'TOPIC_AUTHORIZATION_FAILED');
  assert.match(kafkaErrorMessage(denied), /: sink, source$/);
  assert.equal(namingTopics(denied, ['other']), denied);
  const other = protocolError(30);
  assert.equal(namingTopics(other, ['sink']), other);
});

test('of partitions that a transaction cannot take the one that is to blame is told, not those behind it', async () => {
  const answered = (...codes: [topic: string, code: number][]) => ({
    errors: codes.map(([topic, errorCode]) => ({ topic, partitionErrors: [{ errorCode }] })),
  });
  const fine = answered(['a', 0], ['b', 0]);
  assert.equal(await parseAddedPartitions(fine), fine);
  await assert.rejects(parseAddedPartitions(answered(['a', 55], ['b', 29])), (error) => {
    assert.equal(kafkaErrorType(error), 'TOPIC_AUTHORIZATION_FAILED');
    assert.match(kafkaErrorMessage(error), /: b$/);
    return true;
  });
});

test('what kafkajs wrapped is called by its own name', () => {
  const wrapped = (name: string, cause?: Error) =>
    Object.assign(new Error(name, { cause }), { name });
  const unknown = wrapped('KafkaJSBrokerNotFound');
  const error = wrapped(
    'KafkaJSNonRetriableError',
    wrapped('KafkaJSNumberOfRetriesExceeded', unknown),
  );
  assert.equal(kafkaErrorType(error), 'KafkaJSBrokerNotFound');
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  assert.equal(kafkaErrorType(wrapped('KafkaJSConnectionError', refused)), 'ECONNREFUSED');
});
