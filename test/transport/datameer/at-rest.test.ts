import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProcess } from '../../support/process.js';
import { ask, send } from './client.js';
import { DatameerServer } from './datameer-server.js';

const notAccessible = {
  status: 'failure',
  reason: "File doesn't exist or isn't accessible with current permissions",
};

test('D1, D2, D30: a job that never ran is the same by id, by UUID and by path in every spelling', async (t) => {
  const server = await DatameerServer.start(t);
  const { id, uid } = await server.define('iris');
  const files = [
    String(id),
    uid,
    uid.toUpperCase(),
    '/users/c1/tasks/iris',
    'users/c1/tasks/iris',
    '%2Fusers%2Fc1%2Ftasks%2Firis',
    '%2fusers%2fc1%2ftasks%2firis',
    'users%2Fc1/tasks%2Firis',
    '/users/me/tasks/iris',
  ];
  for (const file of files) {
    const answer = await send(server, { target: `/api/job-execution/${file}/status` });
    assert.equal(answer.status, 200, file);
    assert.equal(answer.text, '{\n  "status": "success",\n  "job-status": "_NONE"\n}');
    assert.equal(answer.headers['content-type'], 'application/json');
  }
});

test('a path may have the name of a command in it', async (t) => {
  const server = await DatameerServer.start(t);
  await server.define('status');
  const target = '/api/job-execution//users/c1/tasks/status/status';
  assert.equal((await ask(server, { target }))['job-status'], '_NONE');
});

test('D9, D10, D15: what is not there and what is not allowed are one answer, on every route', async (t) => {
  const server = await DatameerServer.start(t);
  const { id, uid } = await server.define('iris');
  const routes: (readonly [method: string, target: (file: string) => string])[] = [
    ['GET', (file) => `/api/job-execution/${file}/status`],
    ['POST', (file) => `/api/job-execution/${file}/trigger`],
    ['POST', (file) => `/api/job-execution/${file}/stop`],
  ];
  const files = [
    '999999',
    '0',
    crypto.randomUUID(),
    '%2Fusers%2Fc1%2Ftasks%2Fno',
    'Users/x/job.wbk',
  ];
  for (const [method, target] of routes) {
    for (const file of files) await assertHidden(server, { method, target: target(file) });
    for (const file of [String(id), uid, '/users/c1/tasks/iris', '/users/me/tasks/iris']) {
      await assertHidden(server, { method, target: target(file), user: 'c2' });
    }
  }
  for (const file of [String(id), uid]) {
    for (const command of ['trigger', 'stop']) {
      const target = `/api/job-execution/${file}/${command}`;
      await assertHidden(server, { method: 'POST', target, user: 'looker' });
    }
  }
  const ids = [
    ['GET', '/rest/job-configuration/job-status/ID'],
    ['GET', '/rest/job-configuration/job-history/ID?start=0&length=1'],
    ['GET', '/rest/job-configuration/volume-report/ID'],
    ['GET', '/rest/job-execution/job-details/ID'],
    ['POST', '/rest/job-execution?configuration=ID'],
    ['POST', '/rest/job-execution?sequence=ID'],
    ['POST', '/rest/job-execution/job-kill/ID'],
  ] as const;
  for (const [method, route] of ids) {
    for (const unknown of ['999999', '0', '-1', '9223372036854775807']) {
      if (unknown !== '999999' && route.includes('sequence')) continue;
      await assertHidden(server, { method, target: route.replace('ID', unknown) });
    }
    await assertHidden(server, { method, target: route.replace('ID', String(id)), user: 'c2' });
  }
});

test('an admin sees the jobs of others', async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const target = `/api/job-execution/${id}/status`;
  assert.equal((await ask(server, { target, user: 'boss' }))['job-status'], '_NONE');
});

test('D11: without the right Basic credentials there is 401, a challenge and a failure', async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const target = `/api/job-execution/${id}/status`;
  const wrong = [
    undefined,
    `Basic ${Buffer.from('c1:wrong').toString('base64')}`,
    `Basic ${Buffer.from('nobody:password-c1').toString('base64')}`,
    'Basic ####',
    'Digest x',
    'Bearer wrong',
  ];
  for (const authorization of wrong) {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await send(server, { target, user: null, headers });
    assert.equal(answer.status, 401, authorization);
    assert.equal(answer.headers['www-authenticate'], 'Basic realm="predictd", charset="UTF-8"');
    const body = JSON.parse(answer.text);
    assert.deepEqual(Object.keys(body), ['status', 'reason']);
    assert.equal(body.status, 'failure');
  }
});

test('D16: stopping a job that does not run answers nothing and changes nothing', async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const before = await server.store.eventBounds();
  for (const command of ['stop', 'stop']) {
    const target = `/api/job-execution/${id}/${command}`;
    const answer = await send(server, { method: 'POST', target });
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assert.equal(answer.headers['content-type'], undefined);
  }
  assert.deepEqual(await server.store.eventBounds(), before);
});

test('D19, D22, D24, D29: nothing is an empty list, or an empty object', async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const empty = {
    [`/rest/job-configuration/job-history/${id}?start=0&length=10`]: '[]',
    [`/rest/job-configuration/job-history/${id}`]: '[]',
    [`/rest/job-configuration/job-history/${id}?pretty`]: '[]',
    [`/rest/job-configuration/volume-report/${id}`]: '[]',
    [`/rest/job-configuration/job-status/${id}`]: '{}',
    '/rest/jobs/list-running': '[]',
  };
  for (const [target, text] of Object.entries(empty)) {
    const answer = await send(server, { target });
    assert.deepEqual([answer.status, answer.text], [200, text], target);
  }
});

test('D28: removing takes a job with everything, and says when there is nothing to remove', async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const target = `/rest/data/${id}`;
  const nothing = { status: 'failure', reason: 'No job or data available' };
  for (const user of ['c2', 'looker']) {
    const refused = await send(server, { method: 'DELETE', target, user });
    assert.equal(refused.status, 404, user);
    assert.equal(JSON.parse(refused.text).status, 'failure');
  }
  assert.deepEqual(await ask(server, { method: 'DELETE', target }), { status: 'success' });
  for (const unknown of [target, '/rest/data/999999', '/rest/data/0']) {
    const answer = await send(server, { method: 'DELETE', target: unknown });
    assert.equal(answer.status, 404);
    assert.deepEqual(JSON.parse(answer.text), nothing);
  }
  await assertHidden(server, { target: `/api/job-execution/${id}/status` });
});

test('malformed input is a failure in this form, never a fault, and changes nothing', async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const before = await server.store.eventBounds();
  const json = { 'content-type': 'application/json' };
  const run = (query: string, body?: string, headers: Record<string, string> = json) => ({
    method: 'POST',
    target: `/rest/job-execution${query}`,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const requests = [
    { target: '/api/job-execution/../1/status' },
    { target: '/api/job-execution/%2e%2e%2fusers/status' },
    { target: '/api/job-execution/a%00b/status' },
    { target: '/api/job-execution/a%zz/status' },
    { target: '/api/job-execution/a%5Cb/status' },
    { target: '/api/job-execution/%FF/status' },
    { target: `/api/job-execution/${'x'.repeat(8_000)}/status` },
    { target: '/api/job-execution/status' },
    { target: `/api/job-execution/${id}/status?verbose` },
    { target: `/api/job-execution/${id}/nonsense` },
    { target: `/api/job-execution/${id}/trigger` },
    { method: 'PUT', target: `/api/job-execution/${id}/trigger` },
    { target: '/rest/job-configuration/job-status/x' },
    { target: '/rest/job-configuration/job-status/1%2F2' },
    { target: '/rest/job-configuration/job-status/99999999999999999999999' },
    { target: `/rest/job-configuration/job-history/${id}?start=-1` },
    { target: `/rest/job-configuration/job-history/${id}?length=-1` },
    { target: `/rest/job-configuration/job-history/${id}?length=x` },
    { target: `/rest/job-configuration/job-history/${id}?start=1&start=2` },
    { target: '/rest/job-execution/job-details/1.5' },
    { method: 'DELETE', target: '/rest/data/x' },
    run(''),
    run('?sequence='),
    run('?sequence=a,b'),
    run(`?sequence=${id}&configuration=${id}`),
    run('?configuration=x'),
    run(`?sequence=${id}`, '{'),
    run(`?sequence=${id}`, '[]'),
    run(`?sequence=${id}`, '{fileIds: [{}]}'),
    run(`?sequence=${id}`, `{variables: {a: "${'x'.repeat(70_000)}"}}`),
    run(`?sequence=${id}`, `{variables: {a: "${'x'.repeat(300)}"}}`),
    run(`?sequence=${id}`, '{}', { 'content-type': 'text/plain' }),
    run(`?sequence=${id}`, 'not gzip', { ...json, 'content-encoding': 'gzip' }),
    run(`?sequence=${Array.from({ length: 101 }, () => id).join()},999999`),
    run(`?sequence=${id}`, '', { 'sec-fetch-site': 'cross-site' }),
  ];
  for (const request of requests) {
    const answer = await send(server, request);
    const what = `${request.target.slice(0, 80)} ${answer.status} ${answer.text.slice(0, 200)}`;
    assert.ok(answer.status >= 400 && answer.status < 500, what);
    assert.match(answer.text, /^\{\n/, what);
    const body = JSON.parse(answer.text);
    assert.deepEqual(Object.keys(body), ['status', 'reason'], what);
    assert.equal(body.status, 'failure', what);
    assert.ok(body.reason.length > 0, what);
  }
  assert.deepEqual(await server.store.eventBounds(), before);
});

test("the documented curl lines work, and its scripts' way to read them", async (t) => {
  const server = await DatameerServer.start(t);
  const { id } = await server.define('iris');
  const curl = async (...args: readonly string[]) => {
    const { code, stdout } = await runProcess(t, 'curl', {
      args: ['-s', '-u', 'c1:password-c1', '-w', '\n%{http_code}', ...args],
    });
    assert.equal(code, 0);
    return stdout.split('\n');
  };
  const status = await curl('-X', 'GET', `${server.url}/api/job-execution/${id}/status`);
  assert.deepEqual(status, ['{', '  "status": "success",', '  "job-status": "_NONE"', '}', '200']);
  const failed = await curl('-X', 'POST', `${server.url}/api/job-execution/999999/trigger`);
  assert.equal(failed.at(-1), '404');
  assert.equal(failed.filter((line) => /status.*failure/.test(line)).length, 1);
  const stopped = await curl('-X', 'POST', `${server.url}/api/job-execution/${id}/stop`);
  assert.deepEqual(stopped, ['', '200']);
});

async function assertHidden(server: DatameerServer, request: Parameters<typeof send>[1]) {
  const answer = await send(server, request);
  const what = `${request.target} ${answer.text}`;
  assert.equal(answer.status, 404, what);
  assert.deepEqual(JSON.parse(answer.text), notAccessible, what);
}
