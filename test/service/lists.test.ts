import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails, irisTask, openWorld, upload, type World } from './world.js';

const parent = 'users/me';

async function withTasks({ service, c1 }: World, count: number): Promise<string[]> {
  await upload(service, c1, 'iris');
  const names = Array.from(
    { length: count },
    (_, index) => `t${String(index * 2).padStart(3, '0')}`,
  );
  for (const [index, taskId] of names.entries()) {
    const labels = { parity: index % 2 === 0 ? 'even' : 'odd' };
    await service.createTask(c1, { parent, taskId, task: { ...irisTask, labels } });
  }
  return names;
}

test('pages neither repeat nor skip a task while others are inserted', async (t) => {
  const world = await openWorld(t);
  const { service, c1 } = world;
  const names = await withTasks(world, 20);
  for (const orderBy of ['name', 'name desc', 'create_time', 'update_time desc']) {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await service.listTasks(c1, { parent, pageSize: 3, pageToken, orderBy });
      seen.push(...page.tasks.map(({ task }) => task.name));
      pageToken = page.nextPageToken;
      const taskId = `n${orderBy.replace(/\W/g, '-')}-${seen.length}`;
      await service.createTask(c1, { parent, taskId, task: irisTask });
    } while (pageToken !== '');
    assert.equal(new Set(seen).size, seen.length, orderBy);
    assert.deepEqual(seen.filter((name) => names.includes(name)).sort(), names, orderBy);
  }
});

test('a token is good for its own query alone', async (t) => {
  const world = await openWorld(t);
  const { service, c1 } = world;
  await withTasks(world, 3);
  const { nextPageToken: pageToken } = await service.listTasks(c1, { parent, pageSize: 2 });
  assert.match(pageToken, /^[\w-]+$/);
  for (const request of [
    { parent, pageToken, orderBy: 'create_time' },
    { parent, pageToken, filter: 'labels.parity = odd' },
    { parent: 'users/-', pageToken },
    { parent, pageToken: `${pageToken}x` },
    { parent, pageToken: 'AAAA' },
  ]) {
    await assert.rejects(service.listTasks(c1, request), fails('INVALID_FIELD', 'page_token'));
  }
  const tooLarge = await service.listTasks(c1, { parent, pageToken, pageSize: 1_000_000 });
  assert.equal(tooLarge.tasks.length, 1);
});

test('a filter holds across pages, also for a state that is derived', async (t) => {
  const world = await openWorld(t);
  const { service, c1 } = world;
  const names = await withTasks(world, 8);
  for (const name of names.slice(0, 3)) {
    await service.startTask(c1, { name: `users/me/tasks/${name}` });
  }
  const filters = {
    'state = RUNNING': names.slice(0, 3),
    'state != RUNNING AND labels.parity = even': [names[4], names[6]],
    'labels.parity = "odd" AND name : "t00"': [names[1], names[3]],
    'sink_topic = iris-out AND model = users/c1/models/iris': names,
    'source_topic != iris-in': [],
  };
  for (const [filter, wanted] of Object.entries(filters)) {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await service.listTasks(c1, { parent, filter, pageSize: 2, pageToken });
      seen.push(...page.tasks.map(({ task }) => task.name));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(seen, wanted, filter);
  }
});

test('users/- is all tasks for an admin and the own ones for others', async (t) => {
  const world = await openWorld(t);
  const { service, c1, c2, admin } = world;
  await withTasks(world, 2);
  const parents = { parent: 'users/-' };
  assert.equal((await service.listTasks(admin, parents)).tasks.length, 2);
  assert.equal((await service.listTasks(c1, parents)).tasks.length, 2);
  assert.equal((await service.listTasks(c2, parents)).tasks.length, 0);
});

test('executions and events come in pages', async (t) => {
  const world = await openWorld(t);
  const { service, c1 } = world;
  const [first = ''] = await withTasks(world, 1);
  const name = `users/me/tasks/${first}`;
  for (let run = 0; run < 3; run += 1) {
    await service.startTask(c1, { name });
    await service.stopTask(c1, { name });
  }
  const newest = await service.listExecutions(c1, { parent: name, pageSize: 2 });
  assert.deepEqual(
    newest.executions.map(({ execution }) => execution.number),
    [3, 2],
  );
  const { nextPageToken: pageToken } = newest;
  const oldest = await service.listExecutions(c1, { parent: name, pageToken });
  assert.deepEqual(
    oldest.executions.map(({ execution }) => execution.number),
    [1],
  );
  assert.equal(oldest.nextPageToken, '');
  const events = await service.listEvents(c1, { parent: name, pageSize: 4 });
  assert.deepEqual(
    events.events.map(({ number }) => number),
    [1, 2, 3, 4],
  );
  const rest = await service.listEvents(c1, { parent: name, pageToken: events.nextPageToken });
  assert.deepEqual(
    rest.events.map(({ number }) => number),
    [5, 6, 7],
  );
  const afterSequence = events.events[1]?.sequence ?? 0;
  const later = await service.listEvents(c1, { parent: name, afterSequence });
  assert.equal(later.events[0]?.number, 3);
  const last = await service.getExecution(c1, { name: `${name}/executions/-` });
  assert.equal(last.execution.number, 3);
});
