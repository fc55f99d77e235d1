import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/domain/clock.js';
import { DomainError } from '../../src/domain/errors.js';
import { noCounters } from '../../src/domain/execution.js';
import { limits } from '../../src/domain/limits.js';
import { nothingMeasured } from '../../src/domain/measures.js';
import type { Store } from '../../src/domain/ports.js';
import { isFinal } from '../../src/domain/state.js';
import type { Task } from '../../src/domain/task.js';
import { sampleTask } from '../domain/sample-task.js';
import { eventually } from '../support/eventually.js';
import { openSupervisor } from './open-supervisor.js';
import { runnerModule, scriptedRunner } from './scripted-runner.js';

const deadlineMs = 30_000;
const request = { actor: 'users/ann', whenFull: 'QUEUE' } as const;
const heartbeat = {
  type: 'heartbeat',
  loopAgeMs: 0,
  progressAgeMs: 0,
  memoryBytes: 1,
  recordsPerSecond: 0,
  counters: noCounters,
  partitions: [{ partition: 0, offset: 1, endOffset: 1, lag: 0 }],
  modelSha256: '',
  conditions: [],
  measured: nothingMeasured(),
} as const;

describe('the supervisor', { concurrency: true }, () => {
  it('lives on when the system refuses it a process, and tries again', async (test) => {
    // Longer than Linux takes one: it is refused before there is a process that could end.
    const variables = { LONG: 'x'.repeat(1_000_000) };
    const spec = { ...sampleTask().spec, maxRestarts: 1 };
    const { supervisor, tasks } = await openSupervisor(test, {
      runner: { variables },
      tasks: [{ spec }],
    });
    const [task] = tasks;
    assert.ok(task);
    await supervisor.start(task, request);
    const failed = await eventually(
      async () => {
        const { execution } = await supervisor.observe(task.id);
        return execution?.state === 'FAILED' && execution;
      },
      { deadlineMs, what: 'the end' },
    );
    assert.equal(failed.reason, 'CRASH_LOOP');
    assert.match(failed.lastError, /^SPAWN_FAILED: .*E2BIG/);
    assert.equal(failed.restartCount, 1);
  });

  it('tells a fact once, and takes a start, though the store refuses what follows', async (test) => {
    let refusals = 0;
    const line = { type: 'log', severity: 'INFO', reason: 'SAID', message: 'Once.' } as const;
    const { supervisor, store, tasks } = await openSupervisor(test, {
      runner: { preload: scriptedRunner([line, { type: 'ready' }]) },
      tasks: [{}, {}],
      writes: ({ updateExecution }) => ({
        async updateExecution(execution) {
          if (execution.taskId === tasks[1]?.id) {
            refusals += 1;
            throw new DomainError('STORE_UNAVAILABLE');
          }
          await updateExecution(execution);
        },
      }),
    });
    const [talks, waits] = tasks;
    assert.ok(talks && waits);
    await supervisor.start(talks, request);
    assert.equal((await supervisor.start(waits, request)).state, 'QUEUED');
    const seen = await said(store, talks, { reason: 'RUNNING' });
    assert.equal(seen.filter(({ reason }) => reason === 'SAID').length, 1);
    const before = refusals;
    await eventually(() => refusals > before + ticksOfARetry, { deadlineMs, what: 'more ticks' });
    const later = await store.listEvents(talks.id, { limit: 100 });
    assert.deepEqual(later, seen);
  });

  it('starts nothing again while it ends, and tells of no start', async (test) => {
    const isBroken = "task.taskName.endsWith('/t1')";
    const preload = runnerModule(
      `if (${isBroken}) process.exit(1); else say({ type: 'ready' });`,
      'setTimeout(() => process.exit(0), 4_000);',
    );
    const { supervisor, store, tasks } = await openSupervisor(test, {
      runner: { preload },
      tasks: [{}, {}],
    });
    const [slow, broken] = tasks;
    assert.ok(slow && broken);
    await supervisor.start(slow, request);
    await said(store, slow, { reason: 'RUNNING' });
    await supervisor.start(broken, request);
    const now = async () => (await supervisor.observe(broken.id)).execution;
    // By then it waits for a second at least.
    await eventually(async () => ((await now())?.restartCount ?? 0) > 2, { deadlineMs });
    const drainedAt = systemClock.now();
    await supervisor.drain();
    const events = await store.listEvents(broken.id, { limit: 100 });
    assert.deepEqual(
      events.filter(({ at }) => at > drainedAt + 500),
      [],
    );
    assert.equal((await now())?.state, 'RESTARTING');
  });

  it('leaves the next execution alone when one is to be stopped that has ended', async (test) => {
    const { supervisor, store, tasks } = await openSupervisor(test, {
      runner: { preload: scriptedRunner([{ type: 'ready' }]) },
    });
    const [task] = tasks;
    assert.ok(task);
    const stop = { actor: request.actor, force: false };
    const first = await supervisor.start(task, request);
    await supervisor.stop(task, { ...stop, execution: first.number });
    const second = await supervisor.start(task, request);
    await supervisor.stop(task, { ...stop, execution: first.number });
    const { execution } = await supervisor.observe(task.id);
    assert.equal(execution?.number, second.number);
    assert.ok(!isFinal(execution.state) && execution.state !== 'STOPPING', execution.state);
    assert.equal((await store.taskById(task.id))?.desired, 'STARTED');
  });

  it('does not take a heartbeat that the store refused for a new one', async (test) => {
    let refusals = 0;
    const { supervisor, store, tasks } = await openSupervisor(test, {
      runner: { preload: scriptedRunner([{ type: 'ready' }, heartbeat]) },
      writes: () => ({
        async updateProgress() {
          refusals += 1;
          throw new DomainError('STORE_UNAVAILABLE');
        },
      }),
    });
    const [task] = tasks;
    assert.ok(task);
    await supervisor.start(task, request);
    await said(store, task, { reason: 'RUNNING' });
    await eventually(async () => !(await supervisor.observe(task.id)).processIsAlive, {
      deadlineMs: 2 * limits.leaseMs,
      what: 'the end of the lease',
    });
    assert.ok(refusals > 0);
    // Nothing is lost by it that Kafka does not know: the service ends as it should.
    await supervisor.drain();
  });
});

/** Ticks until a fact that was not taken would be told again, and as many again. */
const ticksOfARetry = 8;

/** The history of a task as soon as it has an event of this reason. */
function said(store: Store, { id }: Task, { reason }: { readonly reason: string }) {
  return eventually(
    async () => {
      const events = await store.listEvents(id, { limit: 100 });
      return events.some((event) => event.reason === reason) && events;
    },
    { deadlineMs, what: `an event ${reason}` },
  );
}
