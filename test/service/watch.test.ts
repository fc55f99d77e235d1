import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/domain/event.js';
import type { WatchMessage, WatchTasksRequest } from '../../src/service/watch-tasks.js';
import { Watchers } from '../../src/service/watchers.js';
import { addUser, fails, irisTask, openWorld, upload, type World } from './world.js';

const parent = 'users/me';
const quiet = { heartbeatMs: 60_000, progressMs: 20, queueMax: 256 };

function signalFor(t: { after(work: () => void): void }): AbortSignal {
  const controller = new AbortController();
  t.after(() => controller.abort());
  return controller.signal;
}

async function take(
  messages: AsyncGenerator<WatchMessage>,
  until: (message: WatchMessage) => boolean,
): Promise<WatchMessage[]> {
  const taken: WatchMessage[] = [];
  for (;;) {
    const next = await messages.next();
    if (next.done) return taken;
    taken.push(next.value);
    if (until(next.value)) return taken;
  }
}

const isEnd = ({ type }: WatchMessage) => type === 'snapshot-end';

async function createTasks({ service, c1 }: World, ...names: readonly string[]): Promise<void> {
  await upload(service, c1, 'iris');
  for (const taskId of names) await service.createTask(c1, { parent, taskId, task: irisTask });
}

test('a watch begins with every task as it is, and then tells each change once', async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const { service, c1 } = world;
  await createTasks(world, 'a', 'b');
  const watch = service.watchTasks(c1, { parent, signal: signalFor(t) });
  const begin = await take(watch, isEnd);
  assert.deepEqual(
    begin.map(({ type }) => type),
    ['snapshot', 'snapshot', 'snapshot-end'],
  );
  assert.deepEqual(
    begin.map(({ sequence }) => sequence),
    [0, 0, 2],
  );
  await service.startTask(c1, { name: 'users/me/tasks/a' });
  await service.stopTask(c1, { name: 'users/me/tasks/a' });
  await service.deleteTask(c1, { name: 'users/me/tasks/b' });
  const changes = await take(watch, ({ sequence }) => sequence === 5);
  assert.deepEqual(
    changes.map(({ type }) => type),
    ['change', 'change', 'deleted'],
  );
});

test('no change is missed or told twice under 1000 random changes with reconnects', async (t) => {
  const world = await openWorld(t, { watchTiming: { ...quiet, queueMax: 2_000 } });
  const { service, store, supervisor, feed, c1 } = world;
  const names = ['a', 'b', 'c', 'd', 'e'];
  await createTasks(world, ...names);
  const seed = Date.now() % 2_147_483_647;
  t.diagnostic(`seed ${seed}`);
  const random = randomFrom(seed);
  const change = async () => {
    const index = Math.floor(random() * names.length);
    const task = await store.taskByName('c1', names[index] ?? '');
    if (!task) throw new Error('The task is gone.');
    const event = await store.write((writes) => writes.appendEvent(supervisor.draft(task, 'X')));
    feed.publish({ type: 'event', event });
  };
  const { last: begin } = await store.eventBounds();
  const changing = (async () => {
    for (let count = 0; count < 1_000; count += 1) await change();
  })();
  const seen: number[] = [];
  let after = begin;
  let reconnects = 0;
  while (after < begin + 1_000) {
    const controller = new AbortController();
    const request = { parent, afterSequence: after, signal: controller.signal };
    let left = 1 + Math.floor(random() * 60);
    for await (const message of service.watchTasks(c1, request)) {
      after = message.sequence;
      if (message.type === 'change' && message.event) seen.push(message.event.sequence);
      left -= 1;
      if (left <= 0 || after >= begin + 1_000) break;
    }
    controller.abort();
    reconnects += 1;
  }
  await changing;
  t.diagnostic(`${reconnects} reconnects`);
  assert.deepEqual(
    seen,
    Array.from({ length: 1_000 }, (_, index) => begin + 1 + index),
  );
});

test('a reader that is too slow gets a new snapshot instead of what it missed', async (t) => {
  const world = await openWorld(t, { watchTiming: { ...quiet, queueMax: 10 } });
  const { service, store, supervisor, feed, c1 } = world;
  await createTasks(world, 'a');
  const watch = service.watchTasks(c1, { parent, signal: signalFor(t) });
  await take(watch, isEnd);
  const task = await store.taskByName('c1', 'a');
  assert.ok(task);
  for (let count = 0; count < 30; count += 1) {
    const event = await store.write((writes) => writes.appendEvent(supervisor.draft(task, 'X')));
    feed.publish({ type: 'event', event });
  }
  const messages = await take(watch, isEnd);
  assert.deepEqual(
    messages.map(({ type }) => type),
    ['resync', 'snapshot', 'snapshot-end'],
  );
  assert.deepEqual(
    messages.map(({ sequence }) => sequence),
    [1, 1, 31],
  );
});

test('mere progress is told with the sequence unchanged, and not more often than agreed', async (t) => {
  const world = await openWorld(t, { watchTiming: { ...quiet, progressMs: 100 } });
  const { service, store, feed, c1, c2 } = world;
  await createTasks(world, 'a');
  const watch = service.watchTasks(c1, { parent, signal: signalFor(t) });
  const [, end] = await take(watch, isEnd);
  const task = await store.taskByName('c1', 'a');
  assert.ok(task);
  const began = performance.now();
  const ticker = setInterval(() => {
    feed.publish({ type: 'progress', taskId: task.id, user: 'c1' });
    feed.publish({ type: 'progress', taskId: task.id, user: c2.name });
  }, 2);
  t.after(() => clearInterval(ticker));
  const changes: WatchMessage[] = [];
  await take(watch, (message) => changes.push(message) === 3);
  assert.ok(performance.now() - began >= 280, 'three changes take three periods');
  for (const message of changes) {
    assert.equal(message.type, 'change');
    assert.equal(message.sequence, end?.sequence);
    assert.ok(!('event' in message));
  }
});

test('silence is broken by heartbeats, whose sequence passes over what is others', async (t) => {
  const world = await openWorld(t, { watchTiming: { ...quiet, heartbeatMs: 20 } });
  const { service, c1, c2 } = world;
  await createTasks(world, 'a');
  const watch = service.watchTasks(c2, { parent, signal: signalFor(t) });
  await take(watch, isEnd);
  await service.updateTask(c1, { name: 'users/me/tasks/a', task: { displayName: 'x' } });
  const [beat] = await take(watch, () => true);
  assert.deepEqual(beat, { type: 'heartbeat', sequence: 2 });
});

test('a watch of one task ends when the task is deleted, also while the watcher was away', async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const { service, c1 } = world;
  await createTasks(world, 'a', 'b');
  const name = 'users/me/tasks/a';
  const watch = service.watchTasks(c1, { name, signal: signalFor(t) });
  await take(watch, isEnd);
  await service.updateTask(c1, { name: 'users/me/tasks/b', task: { displayName: 'x' } });
  await service.updateTask(c1, { name, task: { displayName: 'x' } });
  await service.deleteTask(c1, { name });
  const rest = await take(watch, () => false);
  assert.equal(rest.at(-1)?.type, 'deleted');
  const away = { name, afterSequence: 2, signal: signalFor(t) };
  const missed = await take(service.watchTasks(c1, away), () => false);
  assert.deepEqual(
    missed.map(({ type }) => type),
    ['change', 'deleted', 'heartbeat'],
  );
  const anew = service.watchTasks(c1, { name, signal: signalFor(t) });
  await assert.rejects(anew.next(), fails('TASK_NOT_FOUND'));
});

test('a sequence that history does not hold is out of range', async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const { service, store, supervisor, c1 } = world;
  await createTasks(world, 'a');
  const task = await store.taskByName('c1', 'a');
  assert.ok(task);
  for (let count = 0; count < 20; count += 1) {
    await store.write((writes) => writes.appendEvent(supervisor.draft(task, 'X')));
  }
  await store.write((writes) => writes.trimEvents(5, 0));
  for (const afterSequence of [3, 999]) {
    const watch = service.watchTasks(c1, { parent, afterSequence, signal: signalFor(t) });
    await assert.rejects(watch.next(), fails('SEQUENCE_EXPIRED'));
  }
  const { last } = await store.eventBounds();
  const good = service.watchTasks(c1, { parent, afterSequence: last - 2, signal: signalFor(t) });
  const events = await take(good, ({ type }) => type === 'heartbeat');
  assert.equal(events.length, 3);
});

test('watches are counted by user and in all, and give their place back', async (t) => {
  const watchers = new Watchers({ perUserMax: 2, max: 3 });
  const world = await openWorld(t, { watchTiming: quiet, watchers });
  const { service, c1, c2 } = world;
  const open = async (caller: typeof c1) => {
    const watch = service.watchTasks(caller, { parent, signal: signalFor(t) });
    await take(watch, isEnd);
    return watch;
  };
  const first = await open(c1);
  await open(c1);
  await assert.rejects(open(c1), fails('TOO_MANY_WATCHERS'));
  await open(c2);
  await assert.rejects(open(c2), fails('TOO_MANY_WATCHERS'));
  await first.return(undefined);
  await open(c2);
  assert.equal(watchers.count, 3);
});

test('the watches of a user end with the user', async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const { service, store, admin } = world;
  const leaver = await addUser(store, 'leaver', 'VIEWER');
  const watch = service.watchTasks(leaver, { parent, signal: signalFor(t) });
  await take(watch, isEnd);
  const next = watch.next();
  await service.deleteUser(admin, { name: 'users/leaver' });
  await assert.rejects(next, fails('UNAUTHENTICATED'));
});

test('a watch ends when its caller leaves', async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const controller = new AbortController();
  const request: WatchTasksRequest = { parent, signal: controller.signal };
  const watch = world.service.watchTasks(world.c1, request);
  await take(watch, isEnd);
  const next = watch.next();
  controller.abort();
  assert.equal((await next).done, true);
});

test('an admin watches everybody, and others never see what is not theirs', async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const { service, c1, c2, admin } = world;
  const all = service.watchTasks(admin, { parent: 'users/-', signal: signalFor(t) });
  await take(all, isEnd);
  const own = service.watchTasks(c2, { parent: 'users/-', signal: signalFor(t) });
  await take(own, isEnd);
  await createTasks(world, 'a');
  await upload(service, c2, 'iris');
  await service.createTask(c2, { parent, taskId: 'mine', task: irisTask });
  const tasksOf = (messages: WatchMessage[]) =>
    messages.map((message) => ('event' in message ? (message.event as Event).task : ''));
  assert.deepEqual(tasksOf(await take(all, ({ sequence }) => sequence === 2)), [
    'users/c1/tasks/a',
    'users/c2/tasks/mine',
  ]);
  assert.deepEqual(tasksOf(await take(own, ({ sequence }) => sequence === 2)), [
    'users/c2/tasks/mine',
  ]);
  const foreign = service.watchTasks(c2, { parent: 'users/c1', signal: signalFor(t) });
  await assert.rejects(foreign.next(), fails('USER_NOT_FOUND'));
  assert.ok(c1);
});

/** mulberry32: repeatable by its seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test("who has the name of a user that was deleted is not told of that one's tasks", async (t) => {
  const world = await openWorld(t, { watchTiming: quiet });
  const { service, store, admin } = world;
  await createTasks(world, 'first');
  const afterSequence = 1;
  const before = await addUser(store, 'anna', 'OPERATOR');
  await upload(service, before, 'iris');
  await service.createTask(before, { parent, taskId: 'secret', task: irisTask });
  await service.deleteTask(before, { name: 'users/anna/tasks/secret' });
  await service.deleteModel(before, { name: 'users/anna/models/iris' });
  await service.deleteUser(admin, { name: 'users/anna' });
  const anna = await addUser(store, 'anna', 'OPERATOR', { tokenHash: 'another' });
  const signal = signalFor(t);
  const all = service.watchTasks(anna, { parent, afterSequence, signal });
  assert.equal((await all.next()).value?.type, 'heartbeat');
  const name = 'users/me/tasks/secret';
  const one = service.watchTasks(anna, { name, afterSequence, signal });
  await assert.rejects(one.next(), fails('TASK_NOT_FOUND'));
});
