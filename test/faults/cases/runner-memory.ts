import assert from 'node:assert/strict';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { taskName } from '../../main-job/service-under-test.js';
import { eventually } from '../../support/eventually.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { greedyModel } from '../onnx-model.js';
import { describe, Stream, uploadBytes } from '../stream.js';

const deadlineMs = 60_000;
const apiMsMax = 500;

/** Fault 5. */
export const heapExhausted: FaultCase = {
  fault: 5,
  name: 'JavaScript heap used up by records',
  holds: 'the runner ends as OUT_OF_MEMORY and is restarted within its budget; the API answers',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, {
      kafka,
      topicSettings: { 'max.message.bytes': String(12 * 1024 * 1024) },
      // Two million small objects in one value need more than the smallest heap.
      spec: { heapMin: '64m', heapMax: '64m', restart: { maxRestarts: 2 } },
      records: 100,
    });
    const bomb = `{"features":[${'{"a":[]},'.repeat(1_000_000)}1]}`;
    await kafka.produceRecords(stream.source, [{ key: 'bomb', value: bomb, partition: 0 }]);
    const status = await stream.until(
      'an end or a way past the record',
      ({ state, counters }) => state === State.FAILED || counters?.recordsDeadLettered === 1n,
      deadlineMs,
    );
    lab.note(describe(status));
    if (status.state === State.FAILED) {
      assert.equal(status.reason, 'CRASH_LOOP');
      assert.match(status.lastError, /OUT_OF_MEMORY/);
    }
    const asked = performance.now();
    await stream.connection.tasks.listTasks({ parent: 'users/admin' });
    assert.ok(performance.now() - asked < apiMsMax, 'the API answers');
    return { injected: status.state === State.FAILED ? 3 : 1 };
  },
};

/** Fault 6. */
export const nativeMemoryExhausted: FaultCase = {
  fault: 6,
  name: 'native memory used up by a model',
  holds: 'the watchdog ends the runner as OUT_OF_MEMORY; the API answers, other tasks run',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, records: 5_000 });
    await uploadBytes(stream.connection, 'greedy', greedyModel());
    const predictor = { kind: { case: 'onnx', value: { model: 'greedy' } } } as const;
    const spec = {
      source: { topic: stream.source },
      sink: { topic: `${stream.sink}-greedy` },
      predictor,
      heapMin: '64m',
      heapMax: '64m',
      restart: { maxRestarts: 1 },
    };
    const { tasks } = stream.connection;
    await tasks.createTask({ parent: 'users/admin', taskId: 'greedy', task: { spec } });
    await tasks.startTask({ name: taskName('greedy') });
    const status = await failed(stream, 'greedy');
    lab.note(describe(status));
    assert.match(status.lastError, /OUT_OF_MEMORY/);
    stream.feed();
    const recoveryMs = [await stream.recovers()];
    assert.equal((await stream.status()).restartCount, 0);
    return { injected: 2, ...(await stream.account()), recoveryMs };
  },
};

async function failed(stream: Stream, task: string) {
  return eventually(
    async () => {
      const { status } = await stream.connection.tasks.getTask({ name: taskName(task) });
      return status?.state === State.FAILED && status;
    },
    { deadlineMs, what: `${task} fails` },
  );
}

/** Fault 7. */
export const endlessInference: FaultCase = {
  fault: 7,
  name: 'a model that never returns',
  holds: 'it is never called RUNNING, a stop works, and the API answers all the time',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, {
      kafka: await lab.kafka(),
      model: 'loop',
      flags: ['--allow-model-loops'],
      spec: { batch: { maxRecords: 1 } },
      start: false,
    });
    await stream.start();
    const sick = await stream.until('a runner', ({ processIsAlive }) => processIsAlive);
    assert.equal(sick.state, State.STARTING, describe(sick));
    lab.note(describe(sick));
    await stream.produce(10);
    let slowestMs = 0;
    const watched = watchApi(stream, (ms) => {
      slowestMs = Math.max(slowestMs, ms);
    });
    const askedAt = performance.now();
    const stopped = await stream.connection.tasks.stopTask({ name: stream.name });
    const stopMs = performance.now() - askedAt;
    watched();
    assert.equal(stopped.status?.state, State.CANCELLED);
    assert.ok(stopMs < 20_000, `the stop took ${stopMs} ms`);
    assert.ok(slowestMs < apiMsMax, `a call took ${slowestMs} ms`);
    lab.note(`stopped after ${Math.round(stopMs)} ms, slowest call ${Math.round(slowestMs)} ms`);
    return { injected: 1, recoveryMs: [stopMs] };
  },
};

/** Calls all the time until the answer is called. */
function watchApi(stream: Stream, note: (ms: number) => void): () => void {
  let over = false;
  const ask = async () => {
    while (!over) {
      const askedAt = performance.now();
      await stream.status();
      note(performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  void ask().catch(() => note(Number.POSITIVE_INFINITY));
  return () => {
    over = true;
  };
}
