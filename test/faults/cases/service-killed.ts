import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { DesiredState, type Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { Connection } from '../../../src/cli/connection.js';
import { type LocalService, startLocalService } from '../../../src/demo/local-service.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { ScriptedClient } from '../scripted-client.js';
import { connectTo, uploadModel } from '../stream.js';

const killsOfTheSuite = 200;
const clients = 4;
/** Calls take a few milliseconds, so that a kill comes after none to some dozens of them. */
const callingMsMax = 250;
/** Every so many rounds the next start is killed too, while it takes up what should run. */
const killedStartEvery = 8;
const killedStartMsMax = 1_200;
/** Nobody listens there: the runners only have to be there. */
const nobody = '127.0.0.1:9';
const program = fileURLToPath(new URL('../../../src/main.js', import.meta.url));

/** Fault 1. */
export const serviceKilled = serviceKilledTimes(killsOfTheSuite);

/** Fault 1, so many times. */
export function serviceKilledTimes(times: number): FaultCase {
  return {
    fault: 1,
    name: 'kill -9 of the service',
    holds: 'every acknowledged call survives, and the numbers of events are gapless',
    run: (lab) => run(lab, times),
  };
}

async function run(lab: Lab, rounds: number): Promise<Figures> {
  const data = await lab.directory();
  const scripts = Array.from(
    { length: clients },
    (_, index) => new ScriptedClient(index, lab.random),
  );
  const recoveryMs: number[] = [];
  const seen = new Map<string, readonly Event[]>();
  let service: LocalService | undefined;
  let kills = 0;
  lab.after(() => service?.end('SIGKILL'));
  for (let round = 0; round <= rounds; round += 1) {
    if (round % killedStartEvery === 1) {
      await killedStart(data, lab.random() * killedStartMsMax);
      kills += 1;
    }
    const startedAt = performance.now();
    service = await startLocalService({ brokers: nobody, data, flags: ['--tasks-max', '1'] });
    const connection = connectTo(service);
    try {
      await connection.tasks.listTasks({ parent: 'users/admin' });
      if (round > 0) recoveryMs.push(performance.now() - startedAt);
      else await uploadModel(connection, 'iris');
      const tasks = await tasksOf(connection);
      for (const script of scripts) await script.check(tasks, connection);
      for (const task of tasks) await checkEvents(task, connection, seen);
      if (round === rounds) break;
      const calling = scripts.map((script) => script.call(connection));
      await delay(lab.random() * callingMsMax);
      await service.end('SIGKILL');
      kills += 1;
      await Promise.all(calling);
    } finally {
      connection.close();
    }
    if (round % 50 === 49) lab.note(`${round + 1} rounds`);
  }
  await service?.end('SIGTERM');
  const acknowledged = scripts.reduce((sum, script) => sum + script.acknowledged, 0);
  const doubtful = scripts.reduce((sum, script) => sum + script.doubtful, 0);
  lab.note(`${acknowledged} calls were acknowledged, ${doubtful} were under way at a kill`);
  return { injected: kills, recoveryMs };
}

/** A start that is killed at a random moment, before or after it listens. */
async function killedStart(data: string, afterMs: number): Promise<void> {
  const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--brokers', nobody];
  const child = spawn(process.execPath, [program, ...args], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  await Promise.race([delay(afterMs), gone]);
  child.kill('SIGKILL');
  await gone;
}

async function tasksOf(connection: Connection): Promise<readonly Task[]> {
  const { tasks, nextPageToken } = await connection.tasks.listTasks({
    parent: 'users/admin',
    pageSize: 1_000,
  });
  assert.equal(nextPageToken, '');
  return tasks;
}

/** Gapless from 1, what was read before is still there, and the last word on the state is the task's. */
async function checkEvents(
  task: Task,
  connection: Connection,
  seen: Map<string, readonly Event[]>,
): Promise<void> {
  const known = seen.get(task.uid) ?? [];
  const events = [...known.slice(0, -1)];
  const afterSequence = events.at(-1)?.sequence ?? 0n;
  for (let pageToken = ''; ; ) {
    const page = await connection.tasks.listEvents({
      parent: task.name,
      pageSize: 1_000,
      pageToken,
      afterSequence,
    });
    events.push(...page.events);
    pageToken = page.nextPageToken;
    if (pageToken === '') break;
  }
  assert.ok(events.length >= known.length, `${task.name} lost events`);
  let before = 0n;
  for (const [index, { number, sequence }] of events.entries()) {
    assert.equal(number, BigInt(index + 1), `${task.name} has a gap at event ${index + 1}`);
    assert.ok(sequence > before, 'sequences grow');
    before = sequence;
  }
  const last = known.at(-1);
  assert.equal(events[known.length - 1]?.reason, last?.reason, 'what was read stays as it is');
  assert.notEqual(task.desiredState, DesiredState.UNSPECIFIED);
  seen.set(task.uid, events);
}
