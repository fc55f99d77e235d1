import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { openPage, signIn } from './browser.js';
import { makeWorld, rowOf } from './world.js';

test('a token or a name with its password lets in, for this tab only, and anything else says why not', async (t) => {
  const world = await makeWorld(t);
  await world.task('first');
  const page = await openPage(t);
  await page.goto(world.url);
  await page.getByLabel('Token').fill('wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('The token is not valid.').waitFor();
  await signIn(page, world.url, world.token);
  await rowOf(page, 'first').waitFor();
  await page.reload();
  await rowOf(page, 'first').waitFor();
  const other = await page.context().newPage();
  await other.goto(world.url);
  await other.getByLabel('Token').waitFor();
  assert.deepEqual(await page.context().cookies(), []);
  assert.equal(await page.evaluate('localStorage.length'), 0);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').waitFor();
  assert.equal(await page.evaluate('sessionStorage.length'), 0);
  const { password } = JSON.parse(await readFile(world.under.service.adminFile, 'utf8'));
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in with a password' }).click();
  await rowOf(page, 'first').waitFor();
});

test('a viewer sees its own tasks and is offered nothing that it may not do', async (t) => {
  const world = await makeWorld(t);
  await world.task('of-the-admin');
  const { users } = world.under.connection;
  const { token } = await users.createUser({ userId: 'vera', role: 3 });
  const page = await openPage(t);
  await signIn(page, world.url, token);
  await page.getByText('There is no task yet.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'New task' }).count(), 0);
  assert.equal(await page.getByText('of-the-admin').count(), 0);
});

test('a user that is deleted is signed out at once', async (t) => {
  const world = await makeWorld(t);
  const { users } = world.under.connection;
  const { token } = await users.createUser({ userId: 'olga', role: 2 });
  const page = await openPage(t);
  await signIn(page, world.url, token);
  await page.getByText('There is no task yet.').waitFor();
  await users.deleteUser({ name: 'users/olga' });
  await page.getByLabel('Token').waitFor();
});

test('a question is over with the session that it was asked in', async (t) => {
  const world = await makeWorld(t);
  const page = await world.page();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('region', { name: 'iris' }).getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('dialog').waitFor();
  await page.evaluate(`document.querySelector('header .quiet').click()`);
  await page.getByLabel('Token').fill(world.token);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('region', { name: 'iris' }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
});

test('the service serves the page at its root, over HTTP/2 too, and leaves it out when told to', async (t) => {
  const world = await makeWorld(t);
  const page = await fetch(world.url);
  assert.match(await page.text(), /<title>predictd<\/title>/);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  for (const method of ['GET', 'HEAD']) {
    const session = connect(world.url);
    const stream = session.request({ ':path': '/', ':method': method });
    const [headers] = await once(stream, 'response');
    assert.equal(headers[':status'], 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    await stream.resume().toArray();
    session.close();
  }
  const bare = await makeWorld(t, ['--no-ui']);
  assert.equal((await fetch(bare.url)).status, 404);
});
