import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { sessionMs } from '../../../src/transport/kandasearch/session-tokens.js';
import { act, ask, basePath, createTask, errorOf, resultOf } from './client.js';
import { boss, memberProject, startKandasearch } from './kandasearch-server.js';

const json = 'application/json';
const dateForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/;
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const formType = 'application/x-www-form-urlencoded';

test('K1, K2, K3, K25, K26: a new task is PENDING and has the nine documented keys in their order', async (t) => {
  const server = await startKandasearch(t);
  const targetId = await server.target();
  const [projectId, instanceSetId] = [randomUUID(), randomUUID()];
  const base = basePath(projectId, instanceSetId);
  const body = JSON.stringify({ targetId });
  const answer = await ask(server, { path: base, method: 'POST', type: json, body });
  const task = resultOf(answer);
  const { id, date, ...rest } = task;
  assert.match(id, uuidForm);
  assert.match(date, dateForm);
  const open = { startDate: null, endDate: null, status: 'PENDING', error: null };
  assert.deepEqual(rest, { projectId, instanceSetId, targetId, ...open });
  assert.equal(
    answer.text,
    `{"status":"OK","result":{"id":"${id}","projectId":"${projectId}","instanceSetId":"${instanceSetId}",` +
      `"targetId":"${targetId}","date":"${date}","startDate":null,"endDate":null,"status":"PENDING","error":null}}`,
  );
});

test('K4: a task reads as it was made, and on the older path without /external too', async (t) => {
  const server = await startKandasearch(t);
  const { task, path } = await createTask(server, await server.target());
  assert.deepEqual(resultOf(await ask(server, { path })), task);
  const older = path.replace('/external', '');
  assert.deepEqual(resultOf(await ask(server, { path: older })), task);
});

test('K8, K9, K11, K14: an action without files is accepted, and an ended task refuses every command', async (t) => {
  const server = await startKandasearch(t);
  const { path } = await createTask(server, await server.target());
  const changed = await act(server, path, {
    action: { action: 'configure', params: { until: 'END', sink: { topic: 'elsewhere' } } },
  });
  assert.equal(resultOf(changed).status, 'PENDING');
  const aborted = resultOf(await act(server, path, { action: { action: 'abort' } }));
  assert.equal(aborted.status, 'ABORTED');
  assert.equal(aborted.startDate, null);
  assert.match(aborted.endDate ?? '', dateForm);
  const commands = [
    { action: { action: 'start' } },
    { action: { action: 'abort' } },
    { action: { action: 'configure', params: { until: 'END' } } },
    { action: { action: 'load-model' }, files: ['x'] },
    { action: { action: 'predict' }, files: ['{"features":[1,2,3,4]}'] },
  ];
  for (const command of commands) {
    const message = errorOf(await act(server, path, command));
    assert.equal(message, 'The task has ended and accepts no more commands.');
  }
  assert.deepEqual(resultOf(await ask(server, { path })), aborted);
  assert.deepEqual(await server.leftovers(), []);
});

test('K12, K13: a command that cannot be read is answered with the documented text, and nothing changes', async (t) => {
  const server = await startKandasearch(t);
  const { task, path } = await createTask(server, await server.target());
  const send = (data: string | undefined) => {
    const form = new FormData();
    if (data === undefined) form.append('other', 'x');
    else form.append('data', data);
    return ask(server, { path: `${path}/action`, method: 'POST', body: form });
  };
  const unreadable = ['', '{', 'null', '[]', '"data"', '{"data":1}', '{"data":null}', '{}'];
  const actionless = ['{"action":"start"}', '{"data":{}}', '{"data":{"action":7}}'];
  const twice = ['{"data":{"action":"abort"},"data":{"action":"start"}}'];
  const deep = [`{"data":${'['.repeat(5_000)}${']'.repeat(5_000)}}`];
  for (const data of [...unreadable, ...actionless, ...twice, ...deep]) {
    assert.equal(errorOf(await send(data)), 'command parse failed', data);
  }
  for (const data of [
    undefined,
    '{"data":{"action":"fly"}}',
    '{"data":{"action":"toString"}}',
    '{"data":{"action":"__proto__"}}',
    '{"data":{"action":"start","params":{"now":true}}}',
    '{"data":{"action":"start","params":{"whenFull":1}}}',
    '{"data":{"action":"abort","params":{"force":"yes"}}}',
    '{"data":{"action":"configure","params":{"nonsense":1}}}',
    '{"data":{"action":"configure","params":{"until":"NEVER"}}}',
    '{"data":{"action":"start","more":1}}',
    '{"data":{"action":"predict"}}',
    '{"data":{"action":"load-model"}}',
  ]) {
    assert.match(errorOf(await send(data)), /^command parse failed: ./, data);
  }
  assert.deepEqual(resultOf(await ask(server, { path })), task);
  assert.deepEqual(server.faults, []);
});

test('K15, K16: a task that is not there, or not at this place, is an error in 200', async (t) => {
  const server = await startKandasearch(t);
  const project = randomUUID();
  const instanceSet = randomUUID();
  const base = basePath(project, instanceSet);
  const { task } = await createTask(server, await server.target(), base);
  const places = [
    `${base}/${randomUUID()}`,
    `${base}/7`,
    `${basePath(randomUUID(), instanceSet)}/${task.id}`,
    `${basePath(project, randomUUID())}/${task.id}`,
    `${basePath(instanceSet, project)}/${task.id}`,
  ];
  for (const path of places) {
    errorOf(await ask(server, { path }));
    errorOf(await act(server, path, { action: { action: 'start' } }));
  }
  assert.equal(resultOf(await ask(server, { path: `${base}/${task.id}` })).status, 'PENDING');
});

test('K17: a task is not made without a target, or from what is no JSON', async (t) => {
  const server = await startKandasearch(t);
  const targetId = await server.target();
  const path = basePath();
  const bodies = [
    '',
    '{',
    '[]',
    '{}',
    '{"targetId":null}',
    '{"targetId":7}',
    '{"targetId":""}',
    '{"targetId":"iris"}',
    `{"targetId":"${randomUUID()}"}`,
    `{"targetId":"${targetId}","status":"COMPLETED"}`,
  ];
  for (const body of bodies) errorOf(await ask(server, { path, method: 'POST', type: json, body }));
  const body = JSON.stringify({ targetId });
  errorOf(await ask(server, { path, method: 'POST', type: 'text/plain', body }));
  const wrongPlace = '/external/v1/projects/p/instance-sets/i/tasks';
  errorOf(await ask(server, { path: wrongPlace, method: 'POST', type: json, body }));
  const tasks = await server.store.listTasks({ order: 'name', descending: false, limit: 9 });
  assert.deepEqual(tasks, []);
});

test('the path says where a task is made, whatever the body says', async (t) => {
  const server = await startKandasearch(t);
  const projectId = randomUUID();
  const body = JSON.stringify({ targetId: await server.target(), projectId: randomUUID() });
  const path = basePath(projectId);
  const answer = await ask(server, { path, method: 'POST', type: json, body });
  assert.equal(resultOf(answer).projectId, projectId);
});

test('K18, K19, K23: no token, a wrong one and an expired one are 401, a right one works', async (t) => {
  let now = Date.now();
  const server = await startKandasearch(t, { now: () => now });
  const { path } = await createTask(server, await server.target());
  const body = new URLSearchParams({ username: 'boss', password: 'password-boss' }).toString();
  const login = { path: '/external/v1/auth/token', method: 'POST', token: '', type: formType };
  const { text: token } = await ask(server, { ...login, body });
  resultOf(await ask(server, { path, token }));
  for (const wrong of ['', 'wrong', `${token}x`, token.slice(0, -1), 'pdk_', 'pdk_v1.AAAA']) {
    errorOf(await ask(server, { path, token: wrong }), 401);
    const command = { path: `${path}/action`, method: 'POST', token: wrong, body: new FormData() };
    errorOf(await ask(server, command), 401);
    errorOf(await ask(server, { path: basePath(), method: 'POST', token: wrong }), 401);
  }
  const basic = await fetch(server.url + path, {
    headers: { authorization: `Basic ${btoa('boss:password-boss')}` },
  });
  assert.equal(basic.status, 401);
  assert.match(basic.headers.get('www-authenticate') ?? '', /^Bearer /);
  await basic.text();
  now += sessionMs - 1;
  resultOf(await ask(server, { path, token }));
  now += 1;
  errorOf(await ask(server, { path, token }), 401);
});

test('K20, K21: users of the project read its tasks, and only admins make and steer them', async (t) => {
  const server = await startKandasearch(t);
  const targetId = await server.target();
  const base = basePath(memberProject);
  const { task, path } = await createTask(server, targetId, base);
  assert.deepEqual(resultOf(await ask(server, { path, token: 'token-member' })), task);
  const elsewhere = await createTask(server, targetId);
  const hidden = errorOf(await ask(server, { path: elsewhere.path, token: 'token-member' }));
  assert.equal(hidden, `There is no task "${elsewhere.task.id}".`);
  errorOf(await ask(server, { path, token: 'token-looker' }));
  for (const token of ['token-member', 'token-owner']) {
    const body = JSON.stringify({ targetId });
    errorOf(await ask(server, { path: base, method: 'POST', token, type: json, body }));
    const form = new FormData();
    form.append('data', '{"data":{"action":"abort"}}');
    errorOf(await ask(server, { path: `${path}/action`, method: 'POST', token, body: form }));
  }
  assert.deepEqual(resultOf(await ask(server, { path })), task);
});

test('K22: a user and a password get a token as bare text, wrong ones none', async (t) => {
  const server = await startKandasearch(t);
  const send = (body: string, type = formType) =>
    ask(server, { path: '/external/v1/auth/token', method: 'POST', token: '', type, body });
  const right = await send('username=boss&password=password-boss');
  assert.equal(right.status, 200);
  assert.equal(right.type, 'text/plain; charset=utf-8');
  assert.match(right.text, /^[\w.-]{40,}$/);
  const again = await send('password=password-boss&username=boss');
  assert.notEqual(again.text, right.text);
  for (const wrong of [
    'username=boss&password=no',
    'username=nobody&password=password-boss',
    'username=boss%3Apassword-boss&password=x',
    'username=boss%00&password=password-boss',
  ]) {
    errorOf(await send(wrong), 401);
  }
  for (const malformed of [
    'username=boss',
    'password=x',
    'a',
    'username=a&username=b&password=c',
  ]) {
    errorOf(await send(malformed));
  }
  errorOf(await send('{"username":"boss","password":"password-boss"}', json));
  errorOf(await send(`username=boss&password=${'x'.repeat(100_000)}`));
});

test('a token is of no use any more when its user is gone, also if another gets the name', async (t) => {
  const server = await startKandasearch(t);
  const base = basePath(memberProject);
  const { path } = await createTask(server, await server.target(), base);
  const body = 'username=member&password=password-member';
  const login = { path: '/external/v1/auth/token', method: 'POST', token: '', type: formType };
  const { text: token } = await ask(server, { ...login, body });
  resultOf(await ask(server, { path, token }));
  await server.service.deleteUser(boss, { name: 'users/member' });
  errorOf(await ask(server, { path, token }), 401);
  await server.service.createUser(boss, { userId: 'member', role: 'ADMIN' });
  errorOf(await ask(server, { path, token }), 401);
});

test('a token is of no use any more when the password that it was given for was replaced', async (t) => {
  const server = await startKandasearch(t);
  const { path } = await createTask(server, await server.target(), basePath(memberProject));
  const login = { path: '/external/v1/auth/token', method: 'POST', token: '', type: formType };
  const sign = (password: string) =>
    ask(server, { ...login, body: `username=member&password=${password}` });
  const { text: token } = await sign('password-member');
  resultOf(await ask(server, { path, token }));
  const reset = { name: 'users/member', password: 'password-member' };
  await server.service.resetCredentials(boss, reset);
  errorOf(await ask(server, { path, token }), 401);
  const { text: next } = await sign('password-member');
  resultOf(await ask(server, { path, token: next }));
});

test('many wrong passwords are still 401, and lock nobody else out', async (t) => {
  const server = await startKandasearch(t);
  const send = (body: string) =>
    ask(server, { path: '/v1/auth/token', method: 'POST', token: '', type: formType, body });
  for (let attempt = 0; attempt < 11; attempt++) {
    errorOf(await send('username=boss&password=guess'), 401);
  }
  assert.equal((await send('username=member&password=password-member')).status, 200);
});
