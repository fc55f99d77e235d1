import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeWorld } from './world.js';

const size = { width: 360, height: 740 };
/** As long as the contract allows, without a place to break. */
const longId = `l${'o'.repeat(126)}g`;
const longName = `<img src=x onerror=alert(1)>${'W'.repeat(228)}`;

const partsOfTask = ['', 'events', 'log', 'dead-letters', 'executions', 'definition'];

test('the pages of a telephone are as wide as it is, whatever stands on them', async (t) => {
  const world = await makeWorld(t);
  await world.task(longId, { displayName: longName, labels: { ['k'.repeat(63)]: 'v'.repeat(63) } });
  const page = await world.page({ viewport: size });
  for (const place of [
    'tasks',
    ...partsOfTask.map((part) => `tasks/admin/${longId}/${part}`),
    'new',
    'models',
    'connection',
  ]) {
    await page.goto(`${world.url}/#/${place}`);
    await page.getByRole('main').getByRole('heading').first().waitFor();
    const [whole, main] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.getElementById("main").scrollWidth]',
    );
    assert.deepEqual([whole, main], [size.width, size.width], place);
  }
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
});
