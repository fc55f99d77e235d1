import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf } from '../../src/runner/failure.js';

/** As kafkajs makes them of a broker's answer. */
const answered = (type: string) => Object.assign(new Error('The broker said so.'), { type });

test('trouble of the brokers is waited for, as long as it takes', () => {
  // A broker whose disk is full answers with one of the last two, depending on which of its logs it could not write.
  for (const type of ['BROKER_NOT_AVAILABLE', 'KAFKA_STORAGE_ERROR', 'UNKNOWN']) {
    const { reason, fatal, unreachable } = failureOf(answered(type));
    assert.deepEqual([reason, fatal, unreachable], ['KAFKA_UNREACHABLE', false, true], type);
  }
});

test('what a restart cannot mend is fatal', () => {
  for (const [what, right] of [
    ['TOPIC', /WRITE on what it writes to/],
    ['GROUP', /READ on its consumer group/],
    ['TRANSACTIONAL_ID', /WRITE on the transactional ids that begin with "predictd-"/],
  ] as const) {
    const { reason, message, fatal } = failureOf(answered(`${what}_AUTHORIZATION_FAILED`));
    assert.deepEqual([reason, fatal], ['AUTHORIZATION_FAILED', true]);
    assert.match(message, right);
  }
});

test('anything else is told with its name and tried again', () => {
  const { reason, message, fatal, unreachable } = failureOf(answered('SOMETHING_NEW'));
  assert.deepEqual([reason, fatal, unreachable], ['RUNNER_ERROR', false, false]);
  assert.equal(message, 'The broker said so. (SOMETHING_NEW)');
});
