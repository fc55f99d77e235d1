import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/domain/run.js';
import { step } from '../../src/domain/step.js';
import type { Input } from '../../src/domain/step-input.js';
import { sampleExecution } from './sample-task.js';

const context = { now: 5_000, random: () => 0 };
const active = { name: 'm0', sha256: 'sha0' };
const shadow = { name: 'm1', sha256: 'sha1' };

/** Its runner is ready and lets the shadow score beside the active model. */
const running: Run = {
  execution: { ...sampleExecution(), state: 'RUNNING', epoch: 1, scoring: { active, shadow } },
  runner: {
    epoch: 1,
    processId: 4_711,
    startedAt: 0,
    heartbeatAt: 0,
    ready: true,
    conditions: [],
    shadow: shadow.sha256,
  },
};

const cause = { reason: 'MODEL_FAILED', message: 'It broke.' };
const swap: Input = { type: 'wish', wish: { type: 'swap', model: shadow }, actor: 'users/u' };

test('a shadow that scores takes over at once', () => {
  const { effects } = step(running, swap, context);
  assert.deepEqual(effects, [{ type: 'use-model', epoch: 1, sha256: shadow.sha256 }]);
});

test('a swap notes when it took place', () => {
  assert.equal(step(running, swap, context).run.execution.scoring?.settledAt, context.now);
});

const ends: readonly [string, Input][] = [
  ['was dropped', { type: 'wish', wish: { type: 'drop' }, actor: 'users/u' }],
  ['gave up', { type: 'model-refused', epoch: 1, sha256: shadow.sha256, cause }],
];
for (const [what, input] of ends) {
  test(`a shadow that ${what} is loaded again before it takes over`, () => {
    const ended = step(running, input, context).run;
    const { run, effects } = step(ended, swap, context);
    assert.deepEqual(effects, [{ type: 'load-model', epoch: 1, model: shadow, use: 'SWAP' }]);
    assert.deepEqual(run.execution.scoring?.active, active);
  });
}
