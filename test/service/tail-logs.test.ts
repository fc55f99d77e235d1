import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LogDraft } from '../../src/domain/execution-log.js';
import { limits } from '../../src/domain/limits.js';
import type { ChangeFeed } from '../../src/domain/ports.js';
import { createService } from '../../src/service/create-service.js';
import { applyRetention } from '../../src/service/retention.js';
import type { TailMessage } from '../../src/service/tail-logs.js';
import { Watchers } from '../../src/service/watchers.js';
import { eventually } from '../support/eventually.js';
import { fails, irisTask, openWorld, upload } from './world.js';

const name = 'users/c1/tasks/t/executions/-';

function draft(message: string): LogDraft {
  const facts = { at: 1, epoch: 1, source: 'STDOUT', severity: 'INFO', reason: '' } as const;
  return { ...facts, message };
}

async function startedTask(t: TestContext, tailTiming = { heartbeatMs: 60_000, queueMax: 500 }) {
  const world = await openWorld(t, { tailTiming });
  const { service, store, c1 } = world;
  await upload(service, c1, 'iris');
  const { task } = await service.createTask(c1, {
    parent: 'users/me',
    taskId: 't',
    task: irisTask,
  });
  await service.startTask(c1, { name: 'users/me/tasks/t' });
  const execution = await store.newestExecution(task.id);
  assert.ok(execution);
  const leave = new AbortController();
  return { ...world, task, uid: execution.uid, leave, signal: leave.signal };
}

async function all(messages: AsyncIterable<TailMessage>): Promise<string[]> {
  const texts: string[] = [];
  for await (const message of messages) texts.push(textOf(message));
  return texts;
}

function textOf(message: TailMessage | undefined): string {
  if (message?.type === 'line') return message.line.message;
  return message?.type === 'skipped' ? `skipped ${message.count}` : (message?.type ?? 'end');
}

test('the newest lines of a log are read, as many as are asked for', async (t) => {
  const { service, logs, c1, uid, signal } = await startedTask(t);
  for (let i = 1; i <= 150; i += 1) logs.append(uid, draft(`${i}`));
  const few = await all(service.tailLogs(c1, { name, lines: 2, signal }));
  assert.deepEqual(few, ['149', '150']);
  const byDefault = await all(service.tailLogs(c1, { name, signal }));
  assert.deepEqual([byDefault.length, byDefault[0]], [100, '51']);
  const byNumber = 'users/me/tasks/t/executions/1';
  assert.equal((await all(service.tailLogs(c1, { name: byNumber, lines: 1, signal }))).length, 1);
});

test('a log is followed until the execution has ended, and its last line is in it', async (t) => {
  const { service, logs, c1, uid, signal } = await startedTask(t);
  logs.append(uid, draft('before'));
  const tail = service.tailLogs(c1, { name, follow: true, signal });
  assert.equal(textOf((await tail.next()).value as TailMessage), 'before');
  const next = tail.next();
  logs.append(uid, draft('live'));
  assert.equal(textOf((await next).value as TailMessage), 'live');
  const rest = all(tail);
  logs.append(uid, draft('last'));
  await service.stopTask(c1, { name: 'users/me/tasks/t' });
  assert.deepEqual(await rest, ['last']);
  const later = await all(service.tailLogs(c1, { name, follow: true, lines: 1, signal }));
  assert.deepEqual(later, ['last'], 'of one that has ended there is no more to come');
});

test('a reader that is too slow skips lines and is told how many', async (t) => {
  const timing = { heartbeatMs: 60_000, queueMax: 10 };
  const { service, logs, c1, uid, signal } = await startedTask(t, timing);
  logs.append(uid, draft('1'));
  const tail = service.tailLogs(c1, { name, follow: true, signal });
  assert.equal(textOf((await tail.next()).value as TailMessage), '1');
  for (let i = 2; i <= 100; i += 1) logs.append(uid, draft(`${i}`));
  await logs.settled(uid);
  await service.stopTask(c1, { name: 'users/me/tasks/t' });
  const rest = await all(tail);
  assert.match(rest[0] ?? '', /^skipped \d+$/);
  const skipped = Number(rest[0]?.split(' ')[1]);
  assert.equal(rest.length - 1 + skipped, 99, 'every line was shown or counted');
  assert.ok(rest.length - 1 <= 10);
  assert.equal(rest.at(-1), '100');
});

test('a silent log shows signs of life, and a reader that leaves frees its place', async (t) => {
  const timing = { heartbeatMs: 20, queueMax: 10 };
  const { service, c1, leave, signal } = await startedTask(t, timing);
  const tail = service.tailLogs(c1, { name, follow: true, signal });
  assert.equal(textOf((await tail.next()).value as TailMessage), 'heartbeat');
  const next = tail.next();
  leave.abort();
  await eventually(async () => (await next).done === true || (await tail.next()).done === true, {
    deadlineMs: 5_000,
    what: 'the end of the tail',
  });
});

test('a log goes with its task, and logs of old executions go by themselves', async (t) => {
  const { service, store, logs, c1, task, uid, signal } = await startedTask(t);
  logs.append(uid, draft('x'));
  await logs.settled(uid);
  const clock = { now: () => Date.now() };
  assert.equal((await applyRetention({ store, logs, clock })).logs, 0);
  await service.stopTask(c1, { name: 'users/me/tasks/t' });
  for (let run = 0; run < limits.logsPerTaskMax; run += 1) {
    await service.startTask(c1, { name: 'users/me/tasks/t' });
    const execution = await store.newestExecution(task.id);
    assert.ok(execution);
    logs.append(execution.uid, draft('y'));
    await logs.settled(execution.uid);
    await service.stopTask(c1, { name: 'users/me/tasks/t' });
  }
  assert.equal((await applyRetention({ store, logs, clock })).logs, 1);
  assert.ok(!(await logs.list()).includes(uid));
  const later = { now: () => Date.now() + limits.logsMaxAgeMs + 60_000 };
  await service.startTask(c1, { name: 'users/me/tasks/t' });
  const running = await store.newestExecution(task.id);
  assert.ok(running);
  logs.append(running.uid, draft('z'));
  await logs.settled(running.uid);
  assert.equal((await applyRetention({ store, logs, clock: later })).logs, 19 + 1);
  assert.deepEqual(await logs.list(), [running.uid], 'that of a running one is kept');
  await service.deleteTask(c1, { name: 'users/me/tasks/t' });
  assert.deepEqual(await logs.list(), []);
  await assert.rejects(service.tailLogs(c1, { name, signal }).next(), fails('TASK_NOT_FOUND'));
});

test('more lines than there can be are refused', async (t) => {
  const { service, c1, signal } = await startedTask(t);
  for (const lines of [-1, 10_001]) {
    const reading = service.tailLogs(c1, { name, lines, signal }).next();
    await assert.rejects(reading, fails('INVALID_FIELD', 'lines'));
  }
});

test('a log that cannot be read leaves nobody listening and no place taken', async (t) => {
  const { deps, feed, logs, c1, signal } = await startedTask(t);
  let listeners = 0;
  const subscribe: ChangeFeed['subscribe'] = (listener) => {
    const unsubscribe = feed.subscribe(listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      unsubscribe();
    };
  };
  const follow = () => Promise.reject(new Error('the disk is broken'));
  const broken = { ...deps, logs: { ...logs, follow }, feed: { ...feed, subscribe } };
  const watchers = new Watchers();
  const service = createService(broken, { watchers });
  const before = listeners;
  await assert.rejects(service.tailLogs(c1, { name, signal }).next(), /the disk is broken/);
  assert.equal(listeners, before);
  assert.equal(watchers.count, 0);
});
