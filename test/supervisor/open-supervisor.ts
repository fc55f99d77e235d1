import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { systemClock } from '../../src/domain/clock.js';
import type { Store, Writes } from '../../src/domain/ports.js';
import type { Task } from '../../src/domain/task.js';
import type { ModelFile } from '../../src/runner/messages.js';
import { openExecutionLogs } from '../../src/store/execution-logs.js';
import { createChangeFeed } from '../../src/supervisor/change-feed.js';
import type { CommittedProgress } from '../../src/supervisor/last-word.js';
import type { RunnerSettings } from '../../src/supervisor/start-message.js';
import { TaskSupervisor } from '../../src/supervisor/supervisor.js';
import { createLog } from '../../src/telemetry/log.js';
import { sampleTask } from '../domain/sample-task.js';
import { sampleModel, sampleUser, temporaryStore } from '../store/support.js';

export interface SupervisorChoices {
  readonly runner?: Partial<RunnerSettings>;
  /** Makes writes as the store would make them of these. */
  readonly writes?: (writes: Writes) => Partial<Writes>;
  readonly tasks?: readonly Partial<Task>[];
  /** What the name `iris` stands for. */
  readonly model?: ModelFile;
  readonly committed?: CommittedProgress;
}

/** A supervisor on a real store, with tasks of ann. Drained after the test. */
export async function openSupervisor(
  test: TestContext,
  { runner, writes: changed, tasks = [{}], model, ...rest }: SupervisorChoices,
) {
  const { store, dataDir } = await temporaryStore(test);
  const made = tasks.map((change, index) =>
    sampleTask({ id: 10 + index, uid: randomUUID(), user: 'ann', name: `t${index}`, ...change }),
  );
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertModel({ ...sampleModel(5, 'iris'), ...model });
    for (const task of made) await writes.insertTask(task);
    for (let id = 0; id < 50; id += 1) await writes.nextId();
  });
  const refusing: Store = {
    ...store,
    write: (work) =>
      store.write((writes) => work(changed ? { ...writes, ...changed(writes) } : writes)),
  };
  const supervisor = await TaskSupervisor.open({
    store: refusing,
    modelFiles: { path: (sha256) => model?.path ?? `/no/${sha256}.onnx` },
    logs: await openExecutionLogs(dataDir),
    feed: createChangeFeed(),
    clock: systemClock,
    log: createLog('silent'),
    tasksMax: 4,
    ...rest,
    runner: {
      brokers: ['127.0.0.1:1'],
      allowEgress: [],
      scoreTimeoutMs: 30_000,
      fastCodec: true,
      variables: { PATH: process.env.PATH ?? '' },
      ...runner,
    },
  });
  test.after(() => supervisor.drain());
  return { store, supervisor, tasks: made };
}
