import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStartMessage } from '../../src/supervisor/start-message.js';
import { sampleExecution, sampleTask } from '../domain/sample-task.js';
import { sampleModel } from '../store/support.js';

test('a runner goes on in the consumer group of its execution, whatever the task says by now', async () => {
  const task = sampleTask();
  const inGroup = (consumerGroup: string) => ({
    ...task.spec,
    source: { ...task.spec.source, consumerGroup },
  });
  const started = async (own: string, now: string) => {
    const { consumerGroup } = await createStartMessage({
      store: { modelByName: async () => sampleModel(5, 'iris') },
      modelFiles: { path: (sha256) => `/models/${sha256}.onnx` },
      runner: {
        brokers: ['own:9092'],
        allowEgress: [],
        scoreTimeoutMs: 1,
        fastCodec: true,
        variables: {},
      },
      task: { ...task, spec: inGroup(now) },
      execution: sampleExecution({ spec: inGroup(own) }),
      epoch: 3,
    });
    return consumerGroup;
  };
  assert.equal(await started('g1', 'g2'), 'g1');
  assert.equal(await started('', 'g2'), `predictd.${task.uid}`);
  // The task has the variable, the execution its value.
  assert.equal(await started('g-monday', `g-\${day}`), 'g-monday');
});
