import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/demo/package-root.js';
import { makeWorld } from './world.js';

const run = promisify(execFile);

test('what is copied as curl and as a command runs in a shell, and has no secret in it', async (t) => {
  const world = await makeWorld(t);
  await world.task('copied');
  const page = await world.page({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${world.url}/#/tasks/admin/copied/definition`);
  for (const tool of ['curl', 'CLI']) {
    await page.getByRole('button', { name: `Copy as ${tool}` }).click();
    await page.getByText(`Copied as ${tool}.`).waitFor();
    const line = String(await page.evaluate('navigator.clipboard.readText()'));
    assert.ok(!line.includes(world.token), line);
    const env = { ...process.env, TOKEN: world.token };
    const { stdout } = await run('sh', ['-c', line], { env, cwd: packageRoot() });
    assert.match(stdout, /copied/, line);
  }
  await page.getByLabel('Call').selectOption('start');
  await page.getByText('predictd.v1.TaskService/StartTask').waitFor();
});
