import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noProgress } from '../../src/domain/execution.js';
import { takenUp } from '../../src/supervisor/last-word.js';
import { sampleExecution, sampleTask } from '../domain/sample-task.js';

test('what was stopping when the service died ends with what Kafka counted, or else as it was stored', async () => {
  const task = sampleTask();
  const progress = { ...noProgress, percentComplete: 50 };
  const stopping = sampleExecution({ state: 'STOPPING' });
  const known = async () => progress;
  assert.deepEqual((await takenUp(task, stopping, known)).progress, progress);
  const silent = () => Promise.reject(new Error('No broker answers.'));
  assert.deepEqual(await takenUp(task, stopping, silent), stopping);
  // What goes on will say so itself.
  const running = sampleExecution();
  assert.equal(await takenUp(task, running, known), running);
});
