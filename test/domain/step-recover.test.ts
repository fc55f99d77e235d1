import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/domain/limits.js';
import { step } from '../../src/domain/step.js';
import { sampleExecution } from './sample-task.js';

const context = { now: 1_000_000, random: () => 0 };

test('a service that is back keeps to the time of a restart that was awaited', () => {
  const nextRestartAt = context.now + 7_000;
  const execution = sampleExecution({ state: 'RESTARTING', nextRestartAt });
  const { run, effects } = step({ execution }, { type: 'recover' }, context);
  assert.deepEqual(
    [run.execution.state, run.execution.nextRestartAt],
    ['RESTARTING', nextRestartAt],
  );
  assert.deepEqual(effects, []);
});

test('a clock that was set back while the service was away holds no restart up for longer than any', () => {
  const nextRestartAt = context.now + 365 * 24 * 3_600_000;
  const execution = sampleExecution({ state: 'RESTARTING', nextRestartAt });
  const { run } = step({ execution }, { type: 'recover' }, context);
  assert.equal(run.execution.nextRestartAt, context.now + limits.restartDelayMsMax);
  const later = { ...context, now: context.now + limits.restartDelayMsMax };
  assert.equal(step(run, { type: 'tick' }, later).run.execution.state, 'STARTING');
});
