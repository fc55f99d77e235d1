import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { ConditionStatus, TaskStatusSchema } from '../../gen/ts/predictd/v1/task_pb.js';
import { hindranceOf } from '../../src/cli/hindrance.js';

const unmet = (type: string) => ({
  type,
  status: ConditionStatus.FALSE,
  reason: 'KAFKA_UNREACHABLE',
  message: 'No broker answers.',
});

test('only what keeps a task from starting is a hindrance', () => {
  const of = (status: Parameters<typeof create<typeof TaskStatusSchema>>[1]) =>
    hindranceOf(create(TaskStatusSchema, { state: State.STARTING, ...status }));
  assert.equal(of({}), undefined);
  assert.equal(of({ conditions: [unmet('CaughtUp'), unmet('Progressing')] }), undefined);
  assert.equal(of({ conditions: [unmet('KafkaConnected')] })?.reason, 'KAFKA_UNREACHABLE');
  assert.equal(of({ state: State.RUNNING, conditions: [unmet('KafkaConnected')] }), undefined);
  assert.equal(of({ lastError: 'OUT_OF_MEMORY: It is gone.' }), undefined);
  assert.deepEqual(of({ restartCount: 2, lastError: 'OUT_OF_MEMORY: It is gone.' }), {
    reason: 'OUT_OF_MEMORY',
    message: 'It is gone.',
  });
  assert.deepEqual(of({ restartCount: 1, lastError: 'It is gone.' }), {
    reason: '',
    message: 'It is gone.',
  });
});
