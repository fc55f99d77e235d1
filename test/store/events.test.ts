import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '../../src/store/store.js';
import {
  domainError,
  sampleEvent,
  sampleTask,
  sampleUser,
  temporaryDirectory,
  temporaryStore,
} from './support.js';

const numbersTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('200 concurrent writes give each task numbers without gaps and one rising sequence', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    for (const id of [1, 2, 3]) await writes.insertTask(sampleTask(id));
  });
  const writesAtOnce = numbersTo(200).map((index) =>
    store
      .write(async (writes) => {
        const event = await writes.appendEvent(sampleEvent(1 + (index % 3)));
        if (index % 5 === 0) throw new Error('thrown away');
        return event;
      })
      .catch(() => undefined),
  );
  const acknowledged = (await Promise.all(writesAtOnce)).filter((event) => event !== undefined);
  const kept = await store.eventsAfter(0, undefined, 1_000);
  assert.equal(kept.length, 160);
  assert.deepEqual(kept, acknowledged);
  for (const id of [1, 2, 3]) {
    const events = await store.listEvents(id, { limit: 1_000 });
    assert.deepEqual(
      events.map((event) => event.number),
      numbersTo(events.length),
    );
  }
  assert.deepEqual(await store.eventBounds(), { first: 1, last: 160 });
});

test('trimming keeps the newest of each task, and numbers and sequences go on behind', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const before = await openStore({ dataDir });
  await before.write(async (writes) => {
    await writes.insertUser(sampleUser());
    for (const id of [1, 2]) await writes.insertTask(sampleTask(id));
    for (const _ of numbersTo(10)) await writes.appendEvent(sampleEvent(1));
    await writes.appendEvent(sampleEvent(2));
  });
  assert.equal(await before.write((writes) => writes.trimEvents(4, 0)), 6);
  await before.close();

  const { store } = await temporaryStore(t, { dataDir });
  assert.deepEqual(
    (await store.listEvents(1, { limit: 99 })).map((event) => event.number),
    [7, 8, 9, 10],
  );
  assert.deepEqual(await store.eventBounds(), { first: 7, last: 11 });
  assert.equal(await store.write((writes) => writes.trimEvents(0, 0)), 5);
  assert.deepEqual(await store.eventBounds(), { first: 12, last: 11 });
  const next = await store.write((writes) => writes.appendEvent(sampleEvent(1)));
  assert.deepEqual([next.number, next.sequence], [11, 12]);
  assert.deepEqual(await store.eventBounds(), { first: 12, last: 12 });
});

test('trimming by age drops a beginning and leaves no hole when the clock went back', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(1));
    for (const at of [10, 20, 90, 30, 95]) await writes.appendEvent(sampleEvent(1, at));
  });
  assert.equal(await store.write((writes) => writes.trimEvents(100, 50)), 2);
  assert.deepEqual(
    (await store.listEvents(1, { limit: 9 })).map((event) => event.number),
    [3, 4, 5],
  );
  assert.deepEqual(await store.eventBounds(), { first: 3, last: 5 });
  assert.equal(await store.write((writes) => writes.trimEvents(100, 1_000)), 3);
  assert.equal((await store.write((writes) => writes.appendEvent(sampleEvent(1)))).number, 6);
});

test('events outlive their task, end with its deletion, and are gone with retention', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(1, 'iris'));
    await writes.appendEvent(sampleEvent(1));
    await writes.appendEvent({ ...sampleEvent(1), reason: 'DELETED' });
    await writes.deleteTask(1);
  });
  const late = () => store.write((writes) => writes.appendEvent(sampleEvent(1)));
  await assert.rejects(late(), domainError('TASK_NOT_FOUND'));
  const [, deleted] = await store.eventsAfter(0, 'ann', 10);
  assert.equal(deleted?.task, 'users/ann/tasks/iris');
  assert.deepEqual([deleted?.reason, deleted?.user, deleted?.number], ['DELETED', 'ann', 2]);
  await store.write((writes) => writes.trimEvents(0, 0));
  await assert.rejects(late(), domainError('TASK_NOT_FOUND'));
});

test('history is trimmed in steps that end where one step would have', async (t) => {
  const fill = async () => {
    const { store } = await temporaryStore(t);
    await store.write(async (writes) => {
      await writes.insertUser(sampleUser());
      for (const id of [1, 2, 3]) await writes.insertTask(sampleTask(id));
      for (const at of numbersTo(20)) {
        await writes.appendEvent(sampleEvent(1, at));
        if (at % 2 === 0) await writes.appendEvent(sampleEvent(2, at));
        if (at % 5 === 0) await writes.appendEvent(sampleEvent(3, at));
      }
    });
    return store;
  };
  const [atOnce, inSteps] = [await fill(), await fill()];
  const all = await atOnce.write((writes) => writes.trimEvents(6, 12));
  const steps: number[] = [];
  do {
    steps.push(await inSteps.write((writes) => writes.trimEvents(6, 12, 4)));
  } while (steps.at(-1) === 4);
  assert.ok(steps.every((step) => step <= 4) && steps.length > 3);
  assert.equal(
    steps.reduce((sum, step) => sum + step, 0),
    all,
  );
  assert.deepEqual(
    await inSteps.eventsAfter(0, undefined, 99),
    await atOnce.eventsAfter(0, undefined, 99),
  );
  assert.deepEqual(await inSteps.eventBounds(), await atOnce.eventBounds());
  // The counters agree with what is there: a gap would be refused.
  for (const id of [1, 2, 3]) await inSteps.write((writes) => writes.appendEvent(sampleEvent(id)));
});

test('who gets the name of a deleted user gets nothing of their history', async (t) => {
  const { store } = await temporaryStore(t);
  const born = (id: number) => ({ ...sampleUser(), id, tokenHash: `${id}` });
  await store.write(async (writes) => {
    await writes.insertUser(born(1));
    await writes.insertTask(sampleTask(2));
    await writes.appendEvent(sampleEvent(2));
    await writes.deleteTask(2);
    await writes.deleteUser('ann');
    await writes.insertUser(born(3));
    await writes.insertTask(sampleTask(4));
    await writes.appendEvent(sampleEvent(4));
  });
  const shown = async (user?: string) =>
    (await store.eventsAfter(0, user, 9)).map(({ taskId }) => taskId);
  assert.deepEqual(await shown('ann'), [4]);
  assert.deepEqual(await shown(), [2, 4]);
});

test('events of a user and of a task are paged in order without the others', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    for (const [id, name] of ['ann', 'bob'].entries()) {
      await writes.insertUser({ ...sampleUser(name), id });
      await writes.insertTask(sampleTask(10 + id, 'same', name));
    }
    for (const _ of numbersTo(5)) {
      await writes.appendEvent(sampleEvent(10));
      await writes.appendEvent(sampleEvent(11));
    }
  });
  const sequences = (events: readonly { sequence: number }[]) => events.map((e) => e.sequence);
  assert.deepEqual(sequences(await store.eventsAfter(3, 'ann', 2)), [5, 7]);
  assert.deepEqual(sequences(await store.eventsAfter(3, undefined, 3)), [4, 5, 6]);
  assert.deepEqual(sequences(await store.listEvents(11, { after: 4, limit: 2 })), [6, 8]);
});
