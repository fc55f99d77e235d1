import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noProgress } from '../../src/domain/execution.js';
import type { Observation, Supervisor } from '../../src/domain/ports.js';
import type { State } from '../../src/domain/state.js';
import { sampleTasks } from '../../src/service/sample-tasks.js';
import { irisTask, openWorld, upload } from './world.js';

const parent = 'users/me';

test('what an earlier process stored of an execution is no counter, until its runner is heard', async (t) => {
  const { service, store, supervisor, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const { task } = await service.createTask(c1, { parent, taskId: 't', task: irisTask });
  await service.startTask(c1, { name: 'users/c1/tasks/t' });
  const before = await service.sampleTasks(c1, { parent });
  assert.equal(before[0]?.counters?.recordsIn, 0, 'it was made by this process');

  const execution = await store.newestExecution(task.id);
  assert.ok(execution);
  let seen = new Map<number, Observation>();
  const observeActive: Supervisor['observeActive'] = () => seen;
  const restarted = { now: () => execution.createdAt + 1 };
  const sample = sampleTasks({ store, clock: restarted, supervisor: { observeActive } });
  const look = async (state: State, recordsIn: number, live = {}) => {
    const counters = { ...noProgress.counters, recordsIn };
    const now = { ...execution, state, progress: { ...noProgress, counters } };
    seen = new Map([[task.id, { execution: now, processIsAlive: true, ...live }]]);
    const [found] = await sample(c1, { parent });
    return { state: found?.state, recordsIn: found?.counters?.recordsIn };
  };

  assert.deepEqual(
    (await sample(c1, { parent }))[0]?.counters,
    undefined,
    'nobody looks after it yet',
  );
  assert.deepEqual(await look('STARTING', 90), { state: 'STARTING', recordsIn: undefined });
  const live = { live: supervisor.liveNow() };
  assert.deepEqual(await look('RUNNING', 120, live), { state: 'RUNNING', recordsIn: 120 });
  assert.deepEqual(await look('RESTARTING', 120), { state: 'RESTARTING', recordsIn: 120 });
  await supervisor.end(task, 'CANCELLED', 'users/c1');
  seen = new Map();
  assert.equal(
    (await sample(c1, { parent }))[0]?.counters?.recordsIn,
    0,
    'as it was stored at its end',
  );
});
