import assert from 'node:assert/strict';
import { test } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { eventually } from '../support/eventually.js';
import { makeWorld, records, rowOf } from './world.js';

test('dead letters are looked at, replayed and purged, and each is told before', async (t) => {
  const world = await makeWorld(t);
  const topic = await world.task('bad', { starts: true });
  await world.kafka.produceRecords(topic, records(20, 2));
  const page = await world.page();
  await rowOf(page, 'bad').getByText('4 bad').waitFor();
  await world.under.connection.tasks.stopTask({ name: 'users/admin/tasks/bad' });
  await page.goto(`${world.url}/#/tasks/admin/bad/dead-letters`);
  const letters = page.getByRole('row').filter({ hasText: topic });
  await letters.first().waitFor();
  assert.equal(await letters.count(), 4);
  await letters.first().getByRole('button', { name: /^All/ }).click();
  await letters.first().getByText('<b>bad</b>').waitFor();

  await letters.first().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Replay 1…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('as it was').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal((await world.kafka.readCommitted(topic)).length, 20);
  await page.getByRole('button', { name: 'Replay 1…' }).click();
  await dialog.getByRole('button', { name: 'Replay' }).click();
  await page.getByText('1 written back.').waitFor();
  await letters.first().getByText('replayed', { exact: true }).waitFor();
  assert.equal((await world.kafka.readCommitted(topic)).length, 21);

  await page.getByRole('button', { name: 'Purge all…' }).click();
  await dialog.getByText('deleted for good').waitFor();
  await dialog.getByRole('button', { name: 'Purge' }).click();
  await page.getByText('4 deleted.').waitFor();
  await page.getByText('There are none.').waitFor();
});

test('a page that came over plain HTTP from another machine starts tasks, too', async (t) => {
  const world = await makeWorld(t);
  await world.task('far');
  const page = await world.page();
  // Browsers have it only where the connection is secure; the way to this machine always is.
  await page.addInitScript('delete Crypto.prototype.randomUUID');
  await page.goto(`${world.url}/#/tasks/admin/far`);
  await page.reload();
  await page.getByRole('button', { name: 'Start…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
  await page.getByText('far was started.').waitFor();
});

test('a task is started, stopped and followed in its log, executions and definition', async (t) => {
  const world = await makeWorld(t);
  await world.task('steered');
  await world.task('other');
  const page = await world.page();
  await rowOf(page, 'steered').getByRole('link').click();
  await page.getByRole('button', { name: 'Start…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
  await world.under.reach('steered', [State.RUNNING]);
  await page.getByRole('link', { name: 'Log' }).click();
  await page.getByRole('log').getByText('It predicts.').waitFor();
  await page.getByRole('button', { name: 'Stop…' }).click();
  await page.getByRole('dialog').getByText('Nothing is lost and nothing is doubled').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await page.getByText('steered stopped.').waitFor();
  await page.getByRole('log').getByText('It finished its last micro-batch').waitFor();
  await page.getByRole('link', { name: 'Executions' }).click();
  await page.getByRole('cell', { name: 'cancelled' }).waitFor();
  await page.getByRole('link', { name: 'Tasks', exact: true }).click();
  await page.getByLabel('Choose all that are shown').check();
  const bar = page.getByRole('toolbar', { name: 'Chosen tasks' });
  await bar.getByText('2 chosen').waitFor();
  await bar.getByRole('button', { name: 'Start' }).click();
  await page.getByText('2 started.').waitFor();
  const { tasks } = world.under.connection;
  await eventually(
    async () => {
      const found = await tasks.listTasks({ parent: 'users/admin', filter: 'state = RUNNING' });
      return found.tasks.length === 2;
    },
    { deadlineMs: 60_000, what: 'both running' },
  );
});
