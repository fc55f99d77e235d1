import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixturePath } from '../support/fixtures.js';
import { signIn } from './browser.js';
import { makeWorld, picture, records, rowOf } from './world.js';

test('a model is uploaded with progress, shown with what it takes, and tried', async (t) => {
  const world = await makeWorld(t);
  const page = await world.page();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('region', { name: 'iris' }).waitFor();
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByText('Choose an ONNX file.').waitFor();
  await page.getByLabel('ONNX file').setInputFiles(fixturePath('gbt.onnx'));
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'gbt');
  await page.getByRole('button', { name: 'Upload' }).click();
  const card = page.getByRole('region', { name: 'gbt' });
  await card.getByText('float32').first().waitFor();
  await page.getByLabel('ONNX file').setInputFiles(fixturePath('iris.json'));
  await page.getByLabel('Name', { exact: true }).fill('no-model');
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('alert').filter({ hasText: /model/ }).waitFor();
  assert.equal(await page.getByRole('region', { name: 'no-model' }).count(), 0);

  const iris = page.getByRole('region', { name: 'iris' });
  await iris.getByRole('button', { name: 'Try a row' }).click();
  const row = iris.getByLabel('Row');
  await row.fill('{"features":[5.1,3.5]}');
  await iris.getByRole('button', { name: 'Predict' }).click();
  await iris.getByRole('alert').filter({ hasText: '4' }).waitFor();
  await row.fill('{"features":[5.1,3.5,1.4,0.2]}');
  await iris.getByRole('button', { name: 'Predict' }).click();
  await iris.getByText('"probabilities"').waitFor();
});

test('a task is made by the form: faults stand at their fields, a dry run shows what would be written', async (t) => {
  const world = await makeWorld(t);
  const topic = await world.kafka.createTopic({ prefix: 'ui' });
  await world.kafka.produceRecords(topic, records(10, 3));
  const page = await world.page();
  await page.getByRole('link', { name: 'New task' }).click();
  await page.locator('#task-id').fill('by-form');
  await page.getByRole('button', { name: 'Create' }).click();
  const source = page.getByRole('group', { name: 'Source' });
  const sink = page.getByRole('group', { name: 'Sink' });
  const from = source.getByRole('textbox', { name: 'Topic required' });
  const to = sink.getByRole('textbox', { name: 'Topic required' });
  await source.getByText('Name a Kafka topic.').waitFor();
  assert.equal(await from.getAttribute('aria-invalid'), 'true');
  await page.getByText(/^Say what scores the records/).waitFor();

  await from.fill(topic);
  await to.fill(topic);
  await sink.getByText(/It equals source.topic/).waitFor();
  await to.fill(`${topic}-out`);
  await sink.getByText(/It equals source.topic/).waitFor({ state: 'detached' });
  await page.getByLabel('Kind').selectOption('onnx');
  await page.getByLabel('Model required').fill('missing');
  await page.getByText('There is no model "missing". Upload it first.').waitFor();
  await page.getByLabel('Model required').fill('iris');
  await page.getByText('There is no model "missing".').waitFor({ state: 'detached' });

  await page.getByText('Optional: until').click();
  await page.getByLabel('Parallelism').fill('99');
  await page.getByText('99 is out of range. Use 1 to 64.').waitFor();
  await page.getByLabel('Parallelism').fill('2');
  await page.getByLabel('Until').selectOption('UNTIL_END');
  await page.getByText('99 is out of range').waitFor({ state: 'detached' });

  await page.getByLabel(/Dry run of/).fill('10');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByRole('heading', { name: 'Dry run: 7 of 10 would be predicted' }).waitFor();
  assert.equal(await page.locator('.dry-run').getByText('"probabilities"').count(), 7);
  assert.equal(await page.locator('.dry-run').getByText('WRONG_LENGTH').count(), 3);
  await picture(page, 'new-task');

  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'by-form' }).waitFor();
  await page.getByText('completed with warnings').first().waitFor();
  const made = await world.under.connection.tasks.getTask({ name: 'users/admin/tasks/by-form' });
  assert.equal(made.spec?.parallelism, 2);
  await page.getByRole('link', { name: 'Tasks', exact: true }).click();
  await rowOf(page, 'by-form').getByText('3 bad').waitFor();
});

test('what was typed of a new task is lost only if the user says so', async (t) => {
  const world = await makeWorld(t);
  const page = await world.page();
  const leave = async () => {
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), 'beforeunload');
    await dialog.dismiss();
  };
  await page.getByRole('link', { name: 'New task' }).click();
  const name = page.locator('#task-id');
  const topic = page
    .getByRole('group', { name: 'Source' })
    .getByRole('textbox', { name: 'Topic required' });
  await name.fill('half-done');
  await topic.fill('typed');
  await leave();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('region', { name: 'iris' }).waitFor();
  await leave();
  await page.goBack();
  assert.deepEqual([await name.inputValue(), await topic.inputValue()], ['half-done', 'typed']);

  const question = page.getByRole('dialog', { name: 'Discard the new task?' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await name.inputValue(), 'half-done');
  await page.getByRole('button', { name: 'Discard' }).click();
  await question.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('button', { name: 'Discard' }).waitFor({ state: 'detached' });
  assert.deepEqual([await name.inputValue(), await topic.inputValue()], ['', '']);
  await name.fill('with a secret');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await question.getByRole('button', { name: 'Discard' }).click();
  await signIn(page, world.url, world.token);
  await page.getByRole('link', { name: 'New task' }).click();
  assert.equal(await name.inputValue(), '');
  const closed = page.waitForEvent('close');
  await page.close({ runBeforeUnload: true });
  await closed;
});

test('a task that is made but cannot be started is said to be there, and shown', async (t) => {
  const world = await makeWorld(t);
  const topic = await world.kafka.createTopic({ prefix: 'ui' });
  const page = await world.page();
  await page.route('**/StartTask', (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/json',
      body: JSON.stringify({ code: 'resource_exhausted', message: 'No place is free.' }),
    }),
  );
  await page.getByRole('link', { name: 'New task' }).click();
  await page.locator('#task-id').fill('waiting');
  const topicOf = (group: string) =>
    page.getByRole('group', { name: group }).getByRole('textbox', { name: 'Topic required' });
  await topicOf('Source').fill(topic);
  await topicOf('Sink').fill(`${topic}-out`);
  await page.getByLabel('Kind').selectOption('onnx');
  await page.getByLabel('Model required').fill('iris');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('waiting was created, but not started. No place is free.').waitFor();
  await page.getByRole('heading', { name: 'waiting' }).waitFor();
});
