import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExecutionService } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { coreApi } from '../../../src/transport/core/documentation.js';
import { offerTasks } from '../../../src/transport/opentox/start.js';
import { irisTask } from '../../service/world.js';
import { startOpentox, urisOf } from './opentox-server.js';
import { only, ot, readRdf, typed } from './rdflib.js';

const bearer = { authorization: 'Bearer token-c1', 'content-type': 'application/json' };
const start = '/v1/users/c1/tasks/a:start';
const post = { method: 'POST', body: '{}', headers: bearer };

test('O26: a start of the core answers 202 with the task, as a URI list or as RDF', async (t) => {
  const { bare, service, c1, send, url } = await startOpentox(t);
  for (const [taskId, accept, format] of [
    ['a', 'text/uri-list', undefined],
    ['b', 'application/rdf+xml', 'xml'],
    ['c', 'text/turtle, application/json;q=0.5', 'turtle'],
    ['d', 'text/n3', 'n3'],
  ] as const) {
    await service.createTask(c1, { parent: 'users/me', taskId, task: irisTask });
    const path = `/v1/users/c1/tasks/${taskId}:start`;
    const answer = await bare(path, { ...post, accept });
    assert.equal(answer.status, 202, accept);
    const { execution } = await service.getExecution(c1, {
      name: `users/c1/tasks/${taskId}/executions/1`,
    });
    const uri = `${url}/task/${execution.uid}`;
    if (format === undefined) {
      assert.deepEqual(urisOf(answer), [uri]);
    } else {
      const triples = await readRdf(t, answer.text, format);
      assert.deepEqual(typed(triples, `${ot}Task`), [uri]);
      assert.equal(only(triples, `${ot}hasStatus`).object, 'Running');
    }
    const there = await send(new URL(uri).pathname, { accept: 'text/uri-list' });
    assert.deepEqual([there.status, there.text], [202, uri]);
  }
});

test('services of another API that share a representation still do when their starts may answer so', () => {
  const representation = {};
  const other = { service: ExecutionService, representation: {} };
  const shared = [TaskService, UserService].map((service) => ({ service, representation }));
  const dialect = {
    name: 'other',
    register() {},
    representations: [...shared, other],
    documentation: coreApi,
  };
  const never = () => assert.fail('nobody calls');
  const deps = { service: { findExecution: never }, publicUrl: undefined, now: never };
  const authenticator = { authenticate: never };
  const offered = offerTasks(dialect, { ...deps, authenticator }).representations;
  assert.deepEqual(
    offered.map(({ service }) => service),
    [TaskService, UserService, ExecutionService],
  );
  assert.equal(new Set(offered.map((each) => each.representation)).size, 2);
});

test('a start answers in JSON to everybody else', async (t) => {
  const { bare, service, c1 } = await startOpentox(t);
  for (const accept of [undefined, '', '*/*', 'application/json', 'application/*, text/uri-list']) {
    const taskId = `t${String(accept).length}`;
    await service.createTask(c1, { parent: 'users/me', taskId, task: irisTask });
    const ask = accept === undefined ? post : { ...post, accept };
    const answer = await bare(`/v1/users/c1/tasks/${taskId}:start`, ask);
    assert.deepEqual([answer.status, answer.type], [200, 'application/json'], accept);
    assert.equal(JSON.parse(answer.text).number, '1');
  }
});

test('a start takes a subjectid, and a repeated one answers with the same task', async (t) => {
  const { bare, service, c1 } = await startOpentox(t);
  await service.createTask(c1, { parent: 'users/me', taskId: 'a', task: irisTask });
  const ask = {
    method: 'POST',
    accept: 'text/uri-list',
    headers: { subjectid: 'token-c1', 'content-type': 'application/json' },
    body: JSON.stringify({ requestId: '7d1e8ef6-33dd-4c7c-8b5c-0a0ad5ab50f1' }),
  };
  const first = await bare(start, ask);
  assert.equal(first.status, 202);
  const second = await bare(start, ask);
  assert.deepEqual([second.status, second.text], [202, first.text]);
});

test('a start that fails is an error report to those who asked for a task', async (t) => {
  const { bare, service, c1, url, store } = await startOpentox(t);
  await service.createTask(c1, { parent: 'users/me', taskId: 'a', task: irisTask });
  const before = await store.eventBounds();
  const missing = '/v1/users/c1/tasks/none:start';
  const graph = await bare(missing, { ...post, accept: 'application/rdf+xml' });
  assert.equal(graph.status, 404);
  assert.equal(only(await readRdf(t, graph.text), `${ot}statusCode`).object, '404');
  const list = await bare(missing, { ...post, accept: 'text/uri-list' });
  assert.deepEqual([list.status, list.text], [404, `${url}${missing}`]);
  const unknown = await bare(start, { ...post, headers: {}, accept: 'text/uri-list' });
  assert.equal(unknown.status, 401);
  const json = await bare(missing, post);
  assert.equal(JSON.parse(json.text).error.code, 404);
  const body = await bare(start, { ...post, body: '{"bogus":1}', accept: 'text/turtle' });
  assert.deepEqual([body.status, body.type.split(';')[0]], [400, 'text/turtle']);
  assert.deepEqual(await store.eventBounds(), before);
});

test('other calls of the core stay in JSON whatever they accept', async (t) => {
  const { bare, service, c1 } = await startOpentox(t);
  await service.createTask(c1, { parent: 'users/me', taskId: 'a', task: irisTask });
  for (const path of ['/v1/users/c1/tasks/a', '/v1/users/c1/tasks', '/v1/users/c1/tasks/none']) {
    const { type } = await bare(path, { headers: bearer, accept: 'text/uri-list' });
    assert.equal(type, 'application/json', path);
  }
});
