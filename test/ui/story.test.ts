import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { startKafka } from '../../src/demo/local-kafka.js';
import { taskName } from '../main-job/service-under-test.js';
import { testKafka } from '../support/kafka.js';
import { makeWorld, picture, records, rowOf } from './world.js';

/** What the issue of a stranger looking at the list may take. */
const minuteMs = 60_000;

test('the list alone tells why tasks do not flow: poison records, a stopped broker, a bad model', async (t) => {
  const remote = await startKafka();
  let isUp = true;
  t.after(() => (isUp ? remote.stop() : undefined));
  const flags = ['--tasks-max', '8', '--allow-egress', remote.bootstrapServers];
  const world = await makeWorld(t, flags);
  const page = await world.page();
  const healthy = await world.task('flowers', { displayName: 'Iris, live', starts: true });
  const digits = await world.task('digits', { labels: { team: 'post' }, starts: true });
  await world.task('digits-nightly', { displayName: 'Nightly batch' });
  const poisoned = await world.task('card-fraud', { labels: { team: 'risk' }, starts: true });
  await world.task('weekly', { displayName: 'Runs on Sundays' });
  const site = await testKafka(remote.bootstrapServers).createTopic({ prefix: 'site' });
  await world.task('remote-site', {
    starts: true,
    source: { topic: site, bootstrapServers: [remote.bootstrapServers] },
  });
  await world.under.reach('remote-site', [State.RUNNING], minuteMs);
  const feed = setInterval(() => {
    world.kafka.produceRecords(healthy, records(150)).catch(() => undefined);
    world.kafka.produceRecords(digits, records(60)).catch(() => undefined);
  }, 700);
  t.after(() => clearInterval(feed));

  await world.kafka.produceRecords(poisoned, records(1_000, 4));
  const poison = rowOf(page, 'card-fraud');
  await poison.getByText('Dead lettering.').waitFor({ timeout: minuteMs });
  await poison.getByText('degraded', { exact: true }).waitFor();
  await poison.getByText('400 bad').waitFor();

  await remote.stop();
  isUp = false;
  const site1 = rowOf(page, 'remote-site');
  await site1.getByText('Kafka unreachable.').waitFor({ timeout: minuteMs });

  // A disk that lost bytes: what was uploaded was fine.
  const folder = join(world.under.service.data, 'models');
  await world.under.upload('gbt');
  await world.task('churn', { model: 'gbt' });
  for (const name of await readdir(folder)) {
    if (name.endsWith('.onnx')) await writeFile(join(folder, name), 'no model at all');
  }
  await world.under.connection.tasks.startTask({ name: taskName('churn') });
  const model = rowOf(page, 'churn');
  await model.getByText('failed', { exact: true }).waitFor({ timeout: minuteMs });
  assert.match(await model.innerText(), /model/i);

  assert.match(await page.getByRole('button', { name: /^trouble/ }).innerText(), /3/);
  const states = await page.locator('tbody .state-cell').allInnerTexts();
  assert.match(states[0] ?? '', /failed/);
  await rowOf(page, 'flowers')
    .getByText(/^[1-9].*\/s$/)
    .waitFor();
  await page.setViewportSize({ width: 1280, height: 500 });
  await picture(page, 'tasks-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'tasks-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.getByRole('link', { name: 'card-fraud' }).click();
  await page.getByRole('heading', { name: 'Last errors' }).waitFor();
  const errors = page.getByRole('row').filter({ hasText: poisoned });
  await errors.first().waitFor();
  assert.match(await errors.first().innerText(), /\d+\s+\d+\s+wrong length/);
  await picture(page, 'task-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'task-dark');
});

test('whatever names, labels, records and errors hold stays text', async (t) => {
  const world = await makeWorld(t);
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  await world.under.connection.tasks.createTask({
    parent: 'users/admin',
    taskId: 'hostile',
    task: {
      displayName: hostile,
      labels: { team: 'javascript:alert(1)//"><svg' },
      spec: {
        source: { topic: await world.kafka.createTopic({ prefix: 'ui' }) },
        sink: { topic: `hostile-${Date.now()}`, fields: { '"><b>x': 'label' } },
        predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
      },
    },
  });
  const bad = await world.task('poison', { starts: true });
  const value = `{"features":["${hostile.replaceAll('"', "'")}",1,2,3]}`;
  await world.kafka.produceRecords(bad, [{ key: hostile, value, headers: { [hostile]: hostile } }]);
  const page = await world.page();
  await rowOf(page, 'hostile').getByText(hostile).waitFor();
  await page.goto(`${world.url}/#/tasks/admin/hostile/definition`);
  await page.getByText('"><b>x').first().waitFor();
  await openLetters(world.url, page, 'poison');
  await page.getByRole('button', { name: /^All \(/ }).click();
  await page.getByText(hostile).first().waitFor();
  await page.goto(`${world.url}/#/tasks/admin/${encodeURIComponent(hostile)}`);
  await page.getByText('There is no task').waitFor();
  assert.equal(await page.locator('main img, main script, main svg svg, main b b').count(), 0);
  assert.doesNotMatch(await page.title(), /^[12]$/);
});

/** Opens the dead letters of a task and waits for the first. */
async function openLetters(url: string, page: Page, task: string) {
  await page.goto(`${url}/#/tasks/admin/${task}/dead-letters`);
  const again = page.getByRole('button', { name: 'Read again' });
  await again.waitFor();
  const row = page.getByRole('checkbox', { name: /^Choose/ });
  for (let tries = 0; tries < 30 && (await row.count()) === 0; tries += 1) {
    await again.click();
    await page.waitForTimeout(500);
  }
}
