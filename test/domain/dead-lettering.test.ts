import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extendWindow } from '../../src/domain/dead-lettering.js';
import type { Counters } from '../../src/domain/execution.js';
import { limits } from '../../src/domain/limits.js';
import type { CounterWindow, Run } from '../../src/domain/run.js';
import type { RunnerReport } from '../../src/domain/runner-report.js';
import { step } from '../../src/domain/step.js';
import { sampleExecution } from './sample-task.js';

const second = 1_000;

function counters(recordsIn: number, recordsDeadLettered: number, recordsSkipped = 0): Counters {
  const recordsOut = recordsIn - recordsDeadLettered - recordsSkipped;
  return { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped };
}

function running(): Run {
  const runner = { epoch: 2, processId: 7, startedAt: 0, heartbeatAt: 0, ready: true };
  return { execution: sampleExecution(), runner: { ...runner, conditions: [] } };
}

/** Lets the runner report once, and answers the run and the reasons of its events. */
function hear(run: Run, now: number, counted: Counters) {
  const report: RunnerReport = {
    loopAgeMs: 0,
    progressAgeMs: 0,
    memoryBytes: 1,
    recordsPerSecond: 1,
    counters: counted,
    partitions: [{ partition: 0, offset: 1, endOffset: 1, lag: 0 }],
    percentComplete: 100,
    modelSha256: '',
    conditions: [],
  };
  const heard = step(run, { type: 'heartbeat', epoch: 2, report }, { now, random: () => 0 });
  return {
    run: heard.run,
    reasons: heard.events.map(({ reason }) => reason),
    events: heard.events,
  };
}

test('a burst of bad records degrades an execution, with figures, and it recovers when the burst is over', () => {
  const begun = hear(running(), 20 * second, counters(1_000, 0));
  assert.deepEqual(begun.reasons, []);
  const burst = hear(begun.run, 21 * second, counters(2_000, 300, 112));
  assert.deepEqual(burst.reasons, ['DEAD_LETTERING']);
  const { execution } = burst.run;
  assert.equal(execution.state, 'DEGRADED');
  assert.match(execution.message, /^412 of the 1000 records of the last minute \(41\.2 %\)/);
  assert.match(execution.lastError, /^DEAD_LETTERING: 412/);
  const still = hear(burst.run, 40 * second, counters(3_000, 300, 112));
  assert.deepEqual(still.reasons, []);
  assert.match(
    still.run.execution.message,
    /^412 of the 2000 records of the last minute \(20\.6 %\)/,
  );
  assert.match(still.run.execution.lastError, /^DEAD_LETTERING: 412 of the 1000/);
  const over = hear(still.run, 82 * second, counters(4_000, 300, 112));
  assert.deepEqual(over.reasons, ['RECOVERED']);
  assert.equal(over.run.execution.state, 'RUNNING');
  assert.match(over.run.execution.lastError, /^DEAD_LETTERING/, 'the cause stays to be read');
});

test('few bad records, or a small share of many, are no burst', () => {
  const begun = hear(running(), 20 * second, counters(0, 0));
  assert.deepEqual(hear(begun.run, 21 * second, counters(99, 99)).reasons, []);
  assert.deepEqual(hear(begun.run, 21 * second, counters(2_000, 200)).reasons, []);
  assert.deepEqual(hear(begun.run, 21 * second, counters(2_000, 201)).reasons, ['DEAD_LETTERING']);
  assert.deepEqual(hear(begun.run, 21 * second, counters(100, 100)).reasons, ['DEAD_LETTERING']);
});

test('an execution at the limit does not change its state with every report', () => {
  let { run } = hear(running(), 20 * second, counters(0, 0));
  const reasons: string[] = [];
  let all = 0;
  let bad = 0;
  for (let now = 21; now < 400; now += 1) {
    all += 100;
    bad += now % 2 === 0 ? 9 : 12;
    const heard = hear(run, now * second, counters(all, bad));
    run = heard.run;
    reasons.push(...heard.reasons);
  }
  assert.deepEqual(reasons, ['DEAD_LETTERING']);
});

test('bad records that an earlier runner counted are no burst of the next one', () => {
  const heard = hear(running(), 20 * second, counters(100_000, 50_000));
  assert.deepEqual(heard.reasons, []);
  assert.deepEqual(hear(heard.run, 21 * second, counters(100_100, 50_005)).reasons, []);
});

test('the window is small, reaches back a minute, and begins anew when counters go back', () => {
  let window: CounterWindow = [];
  for (let now = 0; now <= 300 * second; now += 100) {
    window = extendWindow(window, counters(now, 0), now);
  }
  assert.ok(window.length <= 125, `${window.length} samples`);
  const age = 300 * second - (window[0]?.at ?? 0);
  assert.ok(age >= limits.badRecordsWindowMs && age < limits.badRecordsWindowMs + 2 * second);
  assert.equal(extendWindow(window, counters(5, 0), 301 * second).length, 1);
});
