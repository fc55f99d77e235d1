import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram, taskYaml, temporaryFile } from '../../cli/program-process.js';
import { createTask } from './client.js';
import { startKandasearch } from './kandasearch-server.js';

test('the command line makes a target whose id makes tasks, shows it, and deletes it', async (t) => {
  const server = await startKandasearch(t);
  const env = { PREDICTD_URL: server.url, PREDICTD_TOKEN: 'token-boss' };
  const run = async (...args: readonly string[]) => {
    const ended = await runProgram(['targets', ...args], { env });
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout;
  };
  const definition = taskYaml
    .replace('features: [sepal_length, sepal_width]', 'features: [a, b, c, d]')
    .replace(', bootstrapServers: ["127.0.0.1:9092"]', '');
  const file = await temporaryFile('iris.yaml', definition);
  const made = JSON.parse(await run('create', 'iris', '-f', file, '-o', 'json'));
  assert.match(made.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(made.name, 'targets/iris');
  assert.equal(made.owner, 'users/boss');
  assert.equal(made.spec.sink.topic, 'iris-out');
  const { task } = await createTask(server, made.id);
  assert.equal(task.targetId, made.id);
  const stored = await server.store.taskByUid(task.id);
  assert.equal(stored?.displayName, 'Iris');
  assert.deepEqual(stored?.labels, { team: 'risk' });
  assert.deepEqual(JSON.parse(await run('get', 'iris', '-o', 'json')), made);
  assert.deepEqual(JSON.parse(await run('list', '-o', 'json')).targets, [made]);
  assert.match(await run('list'), new RegExp(`iris +${made.id} +boss +iris-in +iris-out`));
  assert.equal(await run('list', '-o', 'name'), 'targets/iris\n');
  assert.match(await run('get', 'targets/iris'), new RegExp(`Id +${made.id}`));
  const again = await runProgram(['targets', 'create', 'iris', '-f', file], { env });
  assert.notEqual(again.code, 0);
  assert.match(again.stderr, /There is a target "targets\/iris" already/);
  await run('delete', 'iris');
  assert.deepEqual(JSON.parse(await run('list', '-o', 'json')).targets, []);
});

test('targets are for admins, and their routes answer in JSON', async (t) => {
  const server = await startKandasearch(t);
  await server.target();
  const ask = async (user: string) => {
    const headers = { authorization: `Bearer token-${user}` };
    const response = await fetch(`${server.url}/v1/targets?pageSize=1`, { headers });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const { status, body } = await ask('boss');
  assert.equal(status, 200);
  assert.equal(body.targets.length, 1);
  for (const user of ['owner', 'looker', 'member']) assert.equal((await ask(user)).status, 403);
});
