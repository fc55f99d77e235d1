import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUtc } from '../../../src/secrets/symetry-date.js';
import { createTask, encrypted, type SymetryAnswer, send, signedHeaders } from './client.js';
import { startSymetry } from './symetry-server.js';
import { taskInfoBody, vectorDate, vectors } from './vectors.js';

const list = '/symetry/rest/c1/tasks';
const noon = Date.UTC(2026, 0, 15, 12);

function assertRefused(answer: SymetryAnswer, status: 400 | 401, statusString: string): void {
  const statusCode = status === 400 ? 'BAD_REQUEST' : 'UNAUTHORIZED';
  const { status: httpStatus, statusCode: name, statusString: text } = answer;
  assert.deepEqual([httpStatus, name, text], [status, statusCode, statusString]);
}

test('S3.3: each of the seven errors of authentication is told text for text', async (t) => {
  const server = await startSymetry(t);
  const at = (ms: number) => `${formatUtc(Date.now() + ms)};000000`;
  const outOfSync = 'Please update your server time, it is likely out of sync with UTC';
  const cases = [
    [{ headers: { authorization: undefined } }, 400, 'Authentication header is null'],
    [{ headers: { 'sym-date': undefined } }, 400, 'sym-date header is null'],
    [{ symDate: 'yesterday' }, 400, 'Invalid Date Format'],
    [{ symDate: at(-301_000) }, 400, outOfSync],
    [{ symDate: at(62_000) }, 400, outOfSync],
    [{ headers: { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg=X' } }, 400, 'Md5 do not match'],
    [{ target: '/symetry/rest/nobody/tasks', cid: 'nobody' }, 401, 'Invalid User'],
    [{ key: 'EYpWjGPaoMoFUb/jfW95PQ==' }, 401, 'Invalid Signature'],
  ] as const;
  for (const [request, status, text] of cases) {
    assertRefused(await send(server, { target: list, ...request }), status, text);
  }
});

test('S7.7: a wrong signature is answered with the text that the server signed', async (t) => {
  const server = await startSymetry(t, { now: () => noon });
  const headers = { authorization: vectors[2].authorization };
  const answer = await send(server, { target: list, symDate: vectorDate, headers });
  assert.equal(answer.status, 401);
  assert.equal(
    answer.text,
    '{"statusCode":"UNAUTHORIZED","statusString":"Invalid Signature","values":{"stringToSign":"GET\\\\n\\\\nSECRETKEY\\\\n2026-01-15 12:00:00;123456789\\\\nc1\\\\n/symetry/rest/c1/tasks\\\\n"}}',
  );
});

test('S3.5: every signed request of the contract passes, again and again', async (t) => {
  const server = await startSymetry(t, { now: () => noon + 299_000 });
  await createTask(server, 'unrelated');
  for (const { verb, path, query, body, authorization } of [...vectors, ...vectors]) {
    const answer = await send(server, {
      verb,
      target: query === '' ? path : `${path}?${query}`,
      symDate: vectorDate,
      headers: { authorization },
      ...(body === '' ? {} : { body }),
    });
    assert.notEqual(answer.status, 401, answer.text);
    assert.doesNotMatch(answer.statusString, /sync|Md5|null/, answer.text);
  }
});

test('S8.5: a path may be signed as sent, decoded, as a full URL and without its slash', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'iris-stream');
  const target = '/symetry/rest/c1/tasks/iris%2Dstream';
  const decoded = '/symetry/rest/c1/tasks/iris-stream';
  const forms = [
    target,
    decoded,
    target.slice(1),
    decoded.slice(1),
    server.url + target,
    server.url + decoded,
    server.url.replace('http:', 'https:') + decoded,
  ];
  for (const signedPath of forms) {
    assert.equal((await send(server, { target, signedPath })).status, 200, signedPath);
  }
  const others = ['http://elsewhere:80/symetry/rest/c1/tasks/iris-stream', '/c1/tasks', ''];
  for (const signedPath of others) {
    assertRefused(await send(server, { target, signedPath }), 401, 'Invalid Signature');
  }
});

test('S8.6: the MD5 may be sent or not, and is checked if it is', async (t) => {
  const server = await startSymetry(t);
  const info = { type: 'kafka', name: 'a', params: {} };
  const body = encrypted(JSON.stringify(info));
  const request = { verb: 'POST', target: `${list}/create`, body };
  for (const sendsMd5 of [true, false]) {
    const answer = await send(server, { ...request, sendsMd5 });
    assert.match(answer.statusString, /^sml\.kstream\./, 'it is read');
  }
  const empty = await send(server, { ...request, headers: { 'content-md5': '' } });
  assert.match(empty.statusString, /^sml\.kstream\./);
  const wrong = { 'content-md5': 'xaCz5sWlr0R6IUT24KVLvQ==' };
  assertRefused(await send(server, { ...request, headers: wrong }), 400, 'Md5 do not match');
});

test('a signature covers verb, customer, path, query, body and date', async (t) => {
  const server = await startSymetry(t);
  const symDate = `${formatUtc(Date.now())};7`;
  const signed = signedHeaders({ target: `${list}?x=1`, symDate });
  const get = { verb: 'GET', target: `${list}?x=1`, symDate };
  const body = taskInfoBody;
  const changes = [
    { ...get, verb: 'DELETE', target: `${list}/a?x=1` },
    { ...get, target: `${list}?x=2` },
    { ...get, target: list },
    { ...get, target: `${list}/a?x=1` },
    { ...get, target: '/symetry/rest/c2/tasks?x=1', cid: 'c2' },
    { ...get, symDate: `${formatUtc(Date.now())};8` },
    { ...get, verb: 'POST', target: `${list}/create?x=1`, body },
  ];
  for (const change of changes) {
    const headers = { authorization: signed.authorization };
    assertRefused(await send(server, { ...change, headers }), 401, 'Invalid Signature');
  }
});

test('a signature names its user, who sees only his own tasks', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'iris-stream');
  const foreign = await send(server, { target: '/symetry/rest/c2/tasks/iris-stream', cid: 'c2' });
  assertRefused(foreign, 400, 'Cannot Find Task id[iris-stream] for Customer id [c2]');
  const stolen = await send(server, { target: '/symetry/rest/c1/tasks', cid: 'c2' });
  assertRefused(stolen, 401, 'Invalid Signature');
  const dots = await send(server, { target: '/symetry/rest/c2/..%2fc1/tasks', cid: 'c2' });
  assert.equal(dots.status, 400);
});

test('neither a token nor a password opens a signed route', async (t) => {
  const server = await startSymetry(t);
  const basic = Buffer.from('c1:password-c1').toString('base64');
  for (const authorization of ['Bearer token-c1', `Basic ${basic}`, 'x', 'A'.repeat(44)]) {
    const answer = await send(server, { target: list, headers: { authorization } });
    assertRefused(answer, 401, 'Invalid Signature');
  }
});

test('a viewer may look and not change', async (t) => {
  const server = await startSymetry(t);
  const cid = 'looker';
  assert.equal((await send(server, { target: '/symetry/rest/looker/tasks', cid })).status, 200);
  const created = await createTask(server, 'a', { cid });
  assertRefused(created, 401, 'This needs the role OPERATOR; yours is VIEWER.');
});

test('HEAD starts nothing', async (t) => {
  const server = await startSymetry(t);
  await createTask(server, 'iris-stream');
  for (const what of ['start', 'stop']) {
    const response = await fetch(`${server.url}${list}/iris-stream/${what}`, { method: 'HEAD' });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('cache-control'), 'no-store');
  }
  const { values } = await send(server, { target: `${list}/iris-stream` });
  assert.match(JSON.stringify(values), /"status":"stopped"/);
});

test('a signature by the secret key from before a reset is refused, and one by the new key passes', async (t) => {
  const server = await startSymetry(t);
  assert.equal((await send(server, { target: list })).status, 200);
  const { secretKey: key } = await server.service.resetCredentials(server.callers.boss, {
    name: 'users/c1',
  });
  assertRefused(await send(server, { target: list }), 401, 'Invalid Signature');
  assert.equal((await send(server, { target: list, key })).status, 200);
});
