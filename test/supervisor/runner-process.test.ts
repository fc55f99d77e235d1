import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Exit } from '../../src/domain/step-input.js';
import type { FromRunner } from '../../src/runner/messages.js';
import { type RunnerEnvironment, spawnRunner } from '../../src/supervisor/runner-process.js';
import { startMessage } from '../runner/forked-runner.js';
import { kafkaForTests } from '../support/kafka.js';

/** Lets a runner with a heap that is too small for it end. Answers what it said, and how it ended. */
async function ended(environment: Partial<RunnerEnvironment> = {}) {
  const kafka = await kafkaForTests();
  const source = await kafka.createTopic();
  const start = startMessage(kafka, { source, sink: `${source}-out`, heapMaxMib: 8 });
  const messages: FromRunner[] = [];
  const exit = await new Promise<Exit>((resolve) => {
    const events = {
      message: (message: FromRunner) => void messages.push(message),
      exited: resolve,
      output: () => undefined,
    };
    spawnRunner(start, events, { variables: { PATH: process.env.PATH ?? '' }, ...environment });
  });
  const last = messages.find((message) => message.type === 'ended');
  return { outcome: last?.type === 'ended' ? last.outcome : undefined, exit };
}

describe('the process of a runner', () => {
  it('ends as OUT_OF_MEMORY when it outgrows its limits', async () => {
    const { outcome, exit } = await ended();
    // Node may abort before the runner can say so.
    const reason = outcome?.type === 'failed' ? outcome.reason : exit.reason;
    assert.equal(reason, 'OUT_OF_MEMORY');
    assert.ok(outcome === undefined || (outcome.type === 'failed' && !outcome.fatal));
  });

  it('ends as OUT_OF_MEMORY also when Node aborts while it takes the thread down', async () => {
    const printed = [
      'node::IsolatePlatformDelegate* node::NodePlatform::ForIsolate(v8::Isolate*)',
      'Assertion failed: (data.first) != nullptr',
    ].join('\n');
    // The stack is printed by the abort itself.
    const script = `process.stderr.write(${JSON.stringify(`${printed}\n`)}, () => process.abort());
      await new Promise(() => undefined);`;
    const { exit } = await ended({
      preload: `data:text/javascript,${encodeURIComponent(script)}`,
    });
    assert.equal(exit.signal, 'SIGABRT');
    assert.equal(exit.reason, 'OUT_OF_MEMORY');
  });
});
