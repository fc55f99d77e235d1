import assert from 'node:assert/strict';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { taskName } from '../../main-job/service-under-test.js';
import { eventually } from '../../support/eventually.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { Stream } from '../stream.js';

const kills = 5;
const seenMsMax = 1_000;

/** Fault 2. */
export const runnerKilled: FaultCase = {
  fault: 2,
  name: 'kill -9 of a runner',
  holds: 'it is seen within a second, the task comes back by itself, and other tasks keep running',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), partitions: 4 });
    const other = await otherTask(stream);
    stream.feed();
    await stream.recovers();
    const recoveryMs: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const { processId } = await stream.running();
      process.kill(processId, 'SIGKILL');
      const killedAt = performance.now();
      await stream.until(
        'the loss is seen',
        (status) => !status.processIsAlive || status.processId !== processId,
      );
      const seenMs = performance.now() - killedAt;
      assert.ok(seenMs < seenMsMax, `it took ${seenMs} ms until the loss was seen`);
      await stream.recovers();
      recoveryMs.push(performance.now() - killedAt);
    }
    const { status } = await stream.connection.tasks.getTask({ name: taskName('other') });
    assert.equal(status?.restartCount, 0, 'the other task never noticed');
    assert.equal(status.processId, other, 'the other runner is the same');
    const { restartCount, lastTermination } = await stream.status();
    assert.equal(restartCount, kills);
    assert.equal(lastTermination?.signal, 'SIGKILL');
    return { injected: kills, ...(await stream.account()), recoveryMs };
  },
};

async function otherTask(stream: Stream): Promise<number> {
  await stream.define('other');
  const name = taskName('other');
  await stream.connection.tasks.startTask({ name });
  return eventually(
    async () => {
      const { status } = await stream.connection.tasks.getTask({ name });
      return status?.state === State.RUNNING && status.processId;
    },
    { deadlineMs: 30_000, what: 'the other task runs' },
  );
}

/** Fault 3, as the service sees it. */
export const runnerFrozen: FaultCase = {
  fault: 3,
  name: 'SIGSTOP of a runner',
  holds:
    'the lease reads as expired by itself, the frozen runner is killed, and another one takes over',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), partitions: 4 });
    stream.feed();
    await stream.recovers();
    const recoveryMs: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const { processId } = await stream.running();
      process.kill(processId, 'SIGSTOP');
      const frozenAt = performance.now();
      await stream.until('UNKNOWN', ({ state, processIsAlive }) => {
        return state === State.UNKNOWN && !processIsAlive;
      });
      const replaced = await stream.until(
        'another runner',
        (status) => status.processId !== processId && status.processId !== 0,
      );
      assert.match(replaced.lastError, /LEASE_EXPIRED/);
      await stream.recovers();
      recoveryMs.push(performance.now() - frozenAt);
    }
    return { injected: 2, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 4. */
export const nativeCrash: FaultCase = {
  fault: 4,
  name: 'native crash of a runner (SIGABRT, SIGSEGV)',
  holds: 'only that runner dies, and the reason says that native code broke it',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    stream.feed();
    const recoveryMs: number[] = [];
    const signals = ['SIGABRT', 'SIGSEGV'] as const;
    for (const [index, signal] of signals.entries()) {
      await stream.recovers();
      const { processId } = await stream.running();
      process.kill(processId, signal);
      const killedAt = performance.now();
      const status = await stream.until(
        'the restart',
        ({ restartCount }) => restartCount === index + 1,
      );
      assert.equal(status.lastTermination?.reason, 'MODEL_CRASHED');
      assert.equal(status.lastTermination.signal, signal);
      await stream.recovers();
      recoveryMs.push(performance.now() - killedAt);
    }
    return { injected: signals.length, ...(await stream.account()), recoveryMs };
  },
};
