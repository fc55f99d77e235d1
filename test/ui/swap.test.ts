import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { fixturePath } from '../support/fixtures.js';
import { makeWorld, records } from './world.js';

test('a model is swapped, rolled back and shadowed while the task runs, and each is told before', async (t) => {
  const world = await makeWorld(t);
  const { models } = world.under.connection;
  // The same model with a comment in it: other bytes that fit the task.
  const comment = Buffer.from([0x32, 1, 0x61]);
  const data = Buffer.concat([await readFile(fixturePath('iris.onnx')), comment]);
  await models.uploadModel(
    (async function* chunks() {
      const content = { data, contentType: 'application/octet-stream' };
      yield { parent: 'users/admin', modelId: 'iris-2', content };
    })(),
  );
  const topic = await world.task('swapped', { starts: true });
  await world.under.reach('swapped', [State.RUNNING]);
  await world.kafka.produceRecords(topic, records(100));
  const page = await world.page();
  await page.goto(`${world.url}/#/tasks/admin/swapped`);
  const part = page.getByRole('region', { name: 'Models' });
  const dialog = page.getByRole('dialog');
  const scores = part.getByRole('row', { name: /^Scores/ });
  await scores.getByText('iris', { exact: false }).waitFor();

  await part.getByLabel('Another model').selectOption({ label: 'iris-2' });
  await part.getByRole('button', { name: 'Swap…' }).click();
  await dialog.getByText('between two micro-batches. Nothing stops.').waitFor();
  await dialog.getByRole('button', { name: 'Swap' }).click();
  await scores.getByText('iris-2').waitFor();
  await page.getByText('It predicts.').first().waitFor();

  await part.getByRole('button', { name: 'Roll back…' }).click();
  await dialog.getByRole('button', { name: 'Roll back' }).click();
  await scores.getByText('iris-2').waitFor({ state: 'detached' });

  await part.getByLabel('Another model').selectOption({ label: 'iris-2' });
  await part.getByRole('button', { name: 'Shadow…' }).click();
  await dialog.getByText('nothing of it is written').waitFor();
  await dialog.getByRole('button', { name: 'Shadow' }).click();
  const shadow = part.getByRole('row', { name: /^Shadow/ });
  await shadow.waitFor();
  await world.kafka.produceRecords(topic, records(50));
  await shadow.getByText('0 of 50 records differ').waitFor();
  await part.getByRole('button', { name: 'Drop the shadow…' }).click();
  await dialog.getByRole('button', { name: 'Drop' }).click();
  await page.getByText('drop was asked for').waitFor();
  await shadow.waitFor({ state: 'detached' });
  const task = await world.under.connection.tasks.getTask({ name: 'users/admin/tasks/swapped' });
  assert.equal(task.status?.state, State.RUNNING);
});
