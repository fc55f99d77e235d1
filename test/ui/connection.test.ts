import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import type { Page, Request } from 'playwright-core';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { WatchTasksResponseSchema } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { taskName } from '../main-job/service-under-test.js';
import { eventually } from '../support/eventually.js';
import { openPage, signIn } from './browser.js';
import { startHttpProxy } from './http-proxy.js';
import { makeWorld, rowOf } from './world.js';

test('a connection that drops is said, and when it is back no change was missed', async (t) => {
  const world = await makeWorld(t);
  await world.task('steady', { starts: true });
  await world.under.reach('steady', [State.RUNNING]);
  const proxy = await startHttpProxy(Number(new URL(world.url).port));
  t.after(() => proxy[Symbol.asyncDispose]());
  const page = await world.page({}, proxy.url);
  await rowOf(page, 'steady').getByText('running').waitFor();
  await page.goto(`${proxy.url}/#/tasks/admin/steady/events`);
  await page.getByRole('row').filter({ hasText: 'It predicts.' }).waitFor();
  await page.getByText('live', { exact: true }).waitFor();

  proxy.refuses = true;
  proxy.cut();
  await page.getByRole('alert').getByText('Connection lost.').waitFor();
  await page.getByText('not live').waitFor();
  await page.getByText(/What you see is .* old/).waitFor();
  // While nobody can see it, the task stops and runs again.
  const { tasks } = world.under.connection;
  await tasks.stopTask({ name: taskName('steady') });
  await tasks.startTask({ name: taskName('steady') });
  await world.under.reach('steady', [State.RUNNING]);
  assert.equal(await page.getByText('It finished its last micro-batch').count(), 0);

  proxy.refuses = false;
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('live', { exact: true }).waitFor();
  // The rows come by the watch: nothing else reads the history again.
  await page.getByText('It finished its last micro-batch').waitFor();
  const resumed = proxy.watches.at(-1);
  assert.ok(resumed !== undefined && resumed > 0n, 'it resumed from its sequence number');
  const numbers = await page.locator('tbody tr').count();
  const { events } = await tasks.listEvents({ parent: taskName('steady'), pageSize: 1_000 });
  assert.equal(numbers, events.length);
});

test('a service that is back after a while shows up by itself, with what became of its tasks', async (t) => {
  const world = await makeWorld(t);
  await world.task('one');
  const proxy = await startHttpProxy(Number(new URL(world.url).port));
  t.after(() => proxy[Symbol.asyncDispose]());
  const page = await world.page({}, proxy.url);
  await rowOf(page, 'one').waitFor();
  proxy.refuses = true;
  proxy.cut();
  await page.getByText('not live').waitFor();
  await world.under.connection.tasks.deleteTask({ name: taskName('one') });
  await world.task('two');
  proxy.refuses = false;
  await rowOf(page, 'two').waitFor();
  assert.equal(await rowOf(page, 'one').count(), 0);
});

test('a snapshot that breaks off half way leaves nothing behind that is not there any more', async (t) => {
  const world = await makeWorld(t);
  await world.task('one');
  const page = await openPage(t);
  const name = taskName('gone');
  const kind = { case: 'snapshot', value: { name, uid: 'gone' } } as const;
  const message = toBinary(WatchTasksResponseSchema, create(WatchTasksResponseSchema, { kind }));
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(message.length, 1);
  await page.route(
    '**/WatchTasks',
    (route) =>
      route.fulfill({
        contentType: 'application/connect+proto',
        body: Buffer.concat([frame, message]),
      }),
    { times: 1 },
  );
  await signIn(page, world.url, world.token);
  await rowOf(page, 'gone').waitFor();
  await rowOf(page, 'one').waitFor();
  await rowOf(page, 'gone').waitFor({ state: 'detached' });
});

test('a tab that nobody sees gives up the log and the watch, and goes on where they stood', async (t) => {
  const world = await makeWorld(t);
  await world.task('quiet', { starts: true });
  await world.under.reach('quiet', [State.RUNNING]);
  const page = await world.page();
  const isStream = (request: Request) => /\/(TailLogs|WatchTasks)$/.test(request.url());
  const open = new Set<Request>();
  page.on('request', (request) => isStream(request) && open.add(request));
  page.on('requestfailed', (request) => open.delete(request));
  page.on('requestfinished', (request) => open.delete(request));
  await page.clock.install();
  await page.goto(`${world.url}/#/tasks/admin/quiet/log`);
  const log = page.getByRole('log', { name: 'Log' });
  await log.getByText('It predicts.').waitFor();

  await look(page, false);
  await page.clock.fastForward(19_000);
  assert.ok(open.size > 0, 'a glance elsewhere changes nothing');
  await page.clock.fastForward(2_000);
  await eventually(() => open.size === 0, { deadlineMs: 30_000, what: 'both are given up' });
  await world.under.connection.tasks.stopTask({ name: taskName('quiet') });
  assert.equal(await log.getByText('It finished its last micro-batch').count(), 0);
  assert.equal(await log.getByText('It predicts.').count(), 1, 'what was shown stays');

  await look(page, true);
  await log.getByText('It finished its last micro-batch').waitFor();
  await page.getByText('It has ended.').waitFor();
  assert.equal(await log.getByText('It predicts.').count(), 1);
  await page.getByText('cancelled').first().waitFor();
});

/** Makes the page believe that somebody looks at it, or nobody. */
async function look(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'hidden', { value: ${!isSeen}, configurable: true });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );
}

test('a machine that goes offline is said so at once', async (t) => {
  const world = await makeWorld(t);
  await world.task('one');
  const page = await world.page();
  await rowOf(page, 'one').waitFor();
  await page.context().setOffline(true);
  await page.getByText('not live').waitFor();
  await page.context().setOffline(false);
  await page.getByText('live', { exact: true }).waitFor();
});

test('a page speaks Connect and gRPC-Web with the service, one answer and a stream each', async (t) => {
  const world = await makeWorld(t);
  await world.task('seen');
  const page = await world.page();
  const types: string[] = [];
  page.on('request', async (request) => {
    const type = request.headers()['content-type'];
    if (type !== undefined) types.push(`${request.url().split('/').at(-1)} ${type}`);
  });
  await page.getByRole('link', { name: 'Connection' }).click();
  for (const protocol of ['Connect', 'gRPC-Web']) {
    for (const [call, answer] of [
      ['ListTasks', '1 tasks'],
      ['WatchTasks', /a snapshot of 1 tasks at sequence \d+/],
    ] as const) {
      const row = page.getByRole('row').filter({ hasText: protocol }).filter({ hasText: call });
      await row.getByText('✓ works').waitFor();
      await row.getByText(answer).waitFor();
    }
  }
  for (const expected of [
    'ListTasks application/proto',
    'WatchTasks application/connect+proto',
    'ListTasks application/grpc-web+proto',
    'WatchTasks application/grpc-web+proto',
  ]) {
    assert.ok(types.includes(expected), `${expected} in ${types.join(', ')}`);
  }
});
