import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noProgress } from '../../../src/domain/execution.js';
import { startOpentox, urisOf } from './opentox-server.js';
import { dc, only, ot, readRdf, typed, valuesOf, xsd } from './rdflib.js';

const uriList = 'text/uri-list';
const rdfXml = 'application/rdf+xml';
const halfDone = { progress: { ...noProgress, percentComplete: 50 } };
const broken = {
  reason: 'TOPIC_NOT_FOUND',
  message: 'There is no topic "iris-in".',
  lastError: 'UNKNOWN_TOPIC_OR_PARTITION',
};

test('O1: the list as text/uri-list has the URI of a task on every line', async (t) => {
  const { send, run } = await startOpentox(t);
  const one = await run('one', 'COMPLETED');
  const two = await run('two');
  const answer = await send('/task', { accept: uriList });
  assert.equal(answer.status, 200);
  assert.deepEqual(urisOf(answer), [two.uri, one.uri]);
  assert.equal((await send(one.path)).status, 200);
});

test('O2: the list as RDF/XML has one typed task for each task', async (t) => {
  const { send, run } = await startOpentox(t);
  const runs = [await run('a', 'COMPLETED'), await run('b'), await run('c', 'FAILED', broken)];
  const answer = await send('/task', { accept: rdfXml });
  assert.equal(answer.status, 200);
  assert.match(answer.type, /^application\/rdf\+xml/);
  const tasks = typed(await readRdf(t, answer.text), `${ot}Task`);
  assert.deepEqual([...tasks].sort(), runs.map(({ uri }) => uri).sort());
});

test('O3: query chooses tasks by status, in any case of letters or as an IRI', async (t) => {
  const { send, run } = await startOpentox(t);
  const running = [(await run('queued', 'QUEUED')).uri, (await run('running')).uri];
  const completed = [
    (await run('done', 'COMPLETED')).uri,
    (await run('warned', 'COMPLETED_WITH_WARNINGS')).uri,
  ];
  const cancelled = [(await run('cancelled', 'CANCELLED')).uri];
  const failed = [(await run('failed', 'FAILED', broken)).uri];
  const expected = { Running: running, Completed: completed, Cancelled: cancelled, Error: failed };
  for (const [word, uris] of Object.entries(expected)) {
    const iri = encodeURIComponent(`http://www.opentox.org/api/1.1#${word}`);
    for (const query of [word, word.toLowerCase(), word.toUpperCase(), iri]) {
      const answer = await send(`/task?query=${query}`, { accept: uriList });
      assert.deepEqual([...urisOf(answer)].sort(), [...uris].sort(), query);
    }
  }
  const all = await send('/task?query=', { accept: uriList });
  assert.equal(urisOf(all).length, 6);
  const wrong = await send('/task?query=Sleeping');
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /Allowed status values: Running, Completed, Cancelled, Error/);
});

test("O4: search, status and max do as other servers' parameters of these names", async (t) => {
  const { send, run } = await startOpentox(t);
  await run('done', 'COMPLETED');
  const uris = [await run('a'), await run('b'), await run('c')].map(({ uri }) => uri);
  const two = await send('/task?search=Running&max=2', { accept: uriList });
  assert.deepEqual(urisOf(two), uris.slice(1).reverse());
  const byStatus = await send('/task?status=RUNNING', { accept: uriList });
  assert.equal(urisOf(byStatus).length, 3);
  const both = await send('/task?query=Completed&search=Running', { accept: uriList });
  assert.equal(urisOf(both).length, 1, 'the name of the specification goes first');
  for (const query of ['search=Bogus', 'status=Bogus', 'max=-1', 'max=ten', 'max=99999999999']) {
    assert.equal((await send(`/task?${query}`)).status, 400, query);
  }
});

test('O5: a running task as a URI list is its own URI, with 202', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path, uri } = await run('a');
  const answer = await send(path, { accept: uriList });
  assert.equal(answer.status, 202);
  assert.deepEqual(urisOf(answer), [uri]);
});

test('O6: a running task as RDF is Running, with a float percentage and no result', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path } = await run('a', 'RUNNING', halfDone);
  const answer = await send(path, { accept: rdfXml });
  assert.equal(answer.status, 202);
  const triples = await readRdf(t, answer.text);
  assert.equal(only(triples, `${ot}hasStatus`).object, 'Running');
  assert.equal(only(triples, `${ot}hasStatus`).datatype, `${xsd}string`);
  assert.equal(only(triples, `${ot}percentageCompleted`).object, '50.0');
  assert.equal(only(triples, `${ot}percentageCompleted`).datatype, `${xsd}float`);
  assert.deepEqual(valuesOf(triples, `${ot}resultURI`), []);
  assert.equal((await send(`${path}/`)).status, 404);
});

test('O7: the subject is the URI that was asked for, and the only one of type ot:Task', async (t) => {
  const { send, run, url } = await startOpentox(t);
  const { id, uid } = await run('a');
  for (const asked of [uid, String(id), uid.toUpperCase()]) {
    for (const [accept, format] of [
      [rdfXml, 'xml'],
      ['text/turtle', 'turtle'],
      ['text/n3', 'n3'],
      ['application/x-turtle', 'turtle'],
    ] as const) {
      const answer = await send(`/task/${asked}?subjectid=token-c1`, { accept });
      assert.ok(answer.type.startsWith(accept));
      const triples = await readRdf(t, answer.text, format);
      assert.deepEqual(typed(triples, `${ot}Task`), [`${url}/task/${asked}`]);
    }
  }
});

test('O8: a completed task as a URI list is its result, with 200', async (t) => {
  const { send, run, url } = await startOpentox(t);
  const { path } = await run('a', 'COMPLETED');
  const answer = await send(path, { accept: uriList });
  assert.equal(answer.status, 200);
  const [result, ...more] = urisOf(answer);
  assert.deepEqual([result, more], [`${url}/v1/users/c1/tasks/a/executions/1`, []]);
  for (const query of ['', '?subjectid=token-c1']) {
    const there = await send(`/v1/users/c1/tasks/a/executions/1${query}`);
    assert.equal(JSON.parse(there.text).state, 'STATE_COMPLETED', 'the result can be read');
  }
});

test('O9: a completed task as RDF is Completed, at 100.0, with its result as a literal', async (t) => {
  const { send, run, url } = await startOpentox(t);
  for (const state of ['COMPLETED', 'COMPLETED_WITH_WARNINGS'] as const) {
    const { path } = await run(state, state, halfDone);
    const answer = await send(path, { accept: rdfXml });
    assert.equal(answer.status, 200);
    const triples = await readRdf(t, answer.text);
    assert.equal(only(triples, `${ot}hasStatus`).object, 'Completed');
    assert.equal(only(triples, `${ot}percentageCompleted`).object, '100.0');
    const { object, kind, datatype } = only(triples, `${ot}resultURI`);
    assert.deepEqual(
      [object, kind, datatype],
      [`${url}/v1/users/c1/tasks/${state}/executions/1`, 'Literal', `${xsd}anyURI`],
    );
    assert.deepEqual(typed(triples, `${ot}ErrorReport`), []);
  }
});

test('O10: a task that another one resumed answers 201 with the new task', async (t) => {
  const { send, run, service, c1, store, url } = await startOpentox(t);
  const states = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'CANCELLED'] as const;
  for (const state of states) {
    const old = await run(state, state);
    const name = `users/me/tasks/${state}`;
    const { execution: made } = await service.startTask(c1, { name });
    const next = { ...made, id: made.id + 500, uid: `${made.uid.slice(0, -3)}abc`, number: 9 };
    await store.write((writes) => writes.insertExecution({ ...next, continues: old.id }));
    const answer = await send(old.path, { accept: uriList });
    assert.equal(answer.status, 201, state);
    assert.deepEqual(urisOf(answer), [`${url}/task/${next.uid}`]);
    const graph = await send(old.path);
    assert.equal(graph.status, 201);
    const triples = await readRdf(t, graph.text);
    assert.equal(only(triples, `${ot}hasStatus`).object, 'Completed');
    assert.equal(only(triples, `${ot}resultURI`).object, `${url}/task/${next.uid}`);
    assert.equal((await send(`/task/${next.uid}`)).status, 202);
  }
});

test('O11: a cancelled task answers 503, and its RDF says Cancelled', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path, uri } = await run('a', 'CANCELLED');
  const answer = await send(path, { accept: rdfXml });
  assert.equal(answer.status, 503);
  const triples = await readRdf(t, answer.text);
  assert.equal(only(triples, `${ot}hasStatus`).object, 'Cancelled');
  assert.deepEqual(valuesOf(triples, `${ot}resultURI`), []);
  assert.equal(valuesOf(triples, `${ot}errorReport`, uri).length, 1, 'one client insists on it');
});

test('O12: a failed task answers 500, and its RDF has one report with every known name', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path, uri } = await run('a', 'FAILED', broken);
  const answer = await send(path, { accept: rdfXml });
  assert.equal(answer.status, 500);
  const triples = await readRdf(t, answer.text);
  assert.equal(only(triples, `${ot}hasStatus`).object, 'Error');
  const [report = '', ...others] = typed(triples, `${ot}ErrorReport`);
  assert.deepEqual(others, []);
  assert.deepEqual(valuesOf(triples, `${ot}errorReport`, uri), [report]);
  assert.deepEqual(valuesOf(triples, `${ot}error`, uri), [report]);
  const expected = {
    statusCode: '500',
    httpStatus: '500',
    errorCode: '500',
    message: broken.message,
    details: broken.reason,
    errorDetails: broken.reason,
    errorCause: broken.lastError,
    actor: uri,
  };
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(valuesOf(triples, ot + name, report), [value], name);
  }
});

test('O13: an id that no task has answers 404 with an error report', async (t) => {
  const { send } = await startOpentox(t);
  for (const id of ['4711', '00000000-0000-4000-8000-000000000000']) {
    const answer = await send(`/task/${id}`);
    assert.equal(answer.status, 404);
    const triples = await readRdf(t, answer.text);
    assert.equal(typed(triples, `${ot}ErrorReport`).length, 1);
    assert.equal(only(triples, `${ot}statusCode`).object, '404');
  }
});

test('O14: an id that no task can have answers 400', async (t) => {
  const { send } = await startOpentox(t);
  for (const id of ['abc', '0', '-1', '1e3', '0x10', '%3Cscript%3E', 'a'.repeat(200)]) {
    for (const path of [`/task/${id}`, `/task/${id}/history`]) {
      assert.equal((await send(path)).status, 400, path);
    }
    assert.equal((await send(`/task/${id}`, { method: 'DELETE' })).status, 400, id);
  }
});

test('O15: DELETE of a running task answers 200 when it has ended, and it reads as cancelled', async (t) => {
  const { send, run } = await startOpentox(t);
  for (const [name, state] of [
    ['a', 'RUNNING'],
    ['b', 'QUEUED'],
  ] as const) {
    const { path } = await run(name, state);
    const deleted = await send(path, { method: 'DELETE' });
    assert.equal(deleted.status, 200);
    assert.equal(only(await readRdf(t, deleted.text), `${ot}hasStatus`).object, 'Cancelled');
    assert.equal((await send(path)).status, 503);
  }
});

test('O16: DELETE of an id that no task has answers 404', async (t) => {
  const { send } = await startOpentox(t);
  assert.equal((await send('/task/4711', { method: 'DELETE' })).status, 404);
});

test('O17: a second DELETE, or one of what has ended, answers 200 and changes nothing', async (t) => {
  const { send, run, store } = await startOpentox(t);
  const { path } = await run('a');
  assert.equal((await send(path, { method: 'DELETE' })).status, 200);
  const before = await store.eventBounds();
  assert.equal((await send(path, { method: 'DELETE' })).status, 200);
  const done = await run('b', 'COMPLETED');
  assert.equal((await send(done.path, { method: 'DELETE' })).status, 200);
  assert.equal((await send(done.path)).status, 200);
  assert.equal((await store.eventBounds()).last, before.last + 2, 'only b was made and started');
});

test('O18: subjectid is the token, as header, parameter or field of a form', async (t) => {
  const { bare, run } = await startOpentox(t);
  const { path } = await run('a');
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const basic = Buffer.from('c1:password-c1').toString('base64');
  const right: readonly Parameters<typeof bare>[] = [
    [path, { headers: { subjectid: 'token-c1' } }],
    [`${path}?subjectid=token-c1`],
    [`${path}?media=text/turtle&subjectid=token%2Dc1`],
    [path, { headers: form, body: 'subjectid=token-c1' }],
    [path, { headers: { authorization: 'Bearer token-c1' } }],
    [path, { headers: { authorization: `Basic ${basic}` } }],
    [path, { headers: { authorization: 'Bearer token-c1', subjectid: '' } }],
  ];
  for (const [target, ask] of right) {
    assert.equal((await bare(target, ask)).status, 202, `${target} ${JSON.stringify(ask)}`);
  }
  const wrong: readonly Parameters<typeof bare>[] = [
    [path],
    [path, { headers: { subjectid: 'token-nobody' } }],
    [`${path}?subjectid=x`],
    [path, { headers: { authorization: 'Bearer x' } }],
    [path, { headers: { authorization: 'Bearer token-c1', subjectid: 'x' } }],
  ];
  for (const [target, ask] of wrong) {
    const answer = await bare(target, ask);
    assert.equal(answer.status, 401, `${target} ${JSON.stringify(ask)}`);
    assert.match(String(answer.headers['www-authenticate']), /^Bearer realm=/);
    assert.equal(typed(await readRdf(t, answer.text), `${ot}ErrorReport`).length, 1);
  }
});

test('O19: without Accept, or with */*, an answer is RDF/XML with the same status', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path } = await run('a');
  for (const ask of [{}, { accept: '*/*' }, { accept: '' }]) {
    const answer = await send(path, ask);
    assert.equal(answer.status, 202);
    assert.match(answer.type, /^application\/rdf\+xml/);
  }
});

test('O20: an Accept that cannot be met gets RDF/XML, not 406', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path } = await run('a');
  for (const accept of ['image/png', 'text/html', ';;;', 'text/uri-list;q=0']) {
    const answer = await send(path, { accept });
    assert.equal(answer.status, 202, accept);
    assert.match(answer.type, /^application\/rdf\+xml/, accept);
  }
  const weighed = await send(path, { accept: 'application/rdf+xml;q=0.5, text/uri-list' });
  assert.match(weighed.type, /^text\/uri-list/);
});

test('O21: media overrides Accept', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path, uri } = await run('a');
  for (const media of ['text/uri-list', 'text%2Furi-list']) {
    const answer = await send(`${path}?media=${media}`, { accept: rdfXml });
    assert.deepEqual(urisOf(answer), [uri]);
  }
  const unknown = await send(`${path}?media=image/png`, { accept: uriList });
  assert.match(unknown.type, /^application\/rdf\+xml/);
});

test('O22: HEAD answers with the status and type of GET, without a body', async (t) => {
  const { send, run } = await startOpentox(t);
  const paths = [
    (await run('a')).path,
    (await run('b', 'COMPLETED')).path,
    (await run('c', 'CANCELLED')).path,
    (await run('d', 'FAILED', broken)).path,
    '/task/4711',
    '/task/bogus',
    '/task',
  ];
  for (const path of paths) {
    for (const accept of [rdfXml, uriList, 'application/json']) {
      const get = await send(path, { accept });
      const head = await send(path, { accept, method: 'HEAD' });
      assert.deepEqual([head.status, head.type, head.text], [get.status, get.type, ''], path);
      assert.equal(head.headers['content-length'], get.headers['content-length'], path);
    }
  }
});

test('O23: every answer has a content type, errors too', async (t) => {
  const { send, bare, run } = await startOpentox(t);
  const { path } = await run('a');
  const answers = [
    await send('/task'),
    await send(path, { accept: uriList }),
    await send('/task/bogus', { accept: uriList }),
    await send('/task/4711', { accept: 'application/json' }),
    await send('/task/a/b/c'),
    await send('/task', { method: 'POST', body: '{}' }),
    await send('/task/..%2f1'),
    await send('/task?max=x', { accept: 'text/n3' }),
    await bare('/task'),
    await send(path, { method: 'DELETE' }),
  ];
  for (const { type, status } of answers) assert.notEqual(type, '', String(status));
});

test('O24: dc:date is when the task was made, in milliseconds, typed as a dateTime', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path, createdAt } = await run('a');
  const { object, datatype } = only(await readRdf(t, (await send(path)).text), `${dc}date`);
  assert.deepEqual([object, datatype], [String(createdAt), `${xsd}dateTime`]);
  assert.match(object, /^\d{13}$/);
});

test('O25: dc:creator is the resource that was started, and dc:title says what is done', async (t) => {
  const { send, run, service, c1, url } = await startOpentox(t);
  const { path } = await run('a');
  const triples = await readRdf(t, (await send(path)).text);
  const creator = only(triples, `${dc}creator`);
  assert.equal(creator.object, `${url}/v1/users/c1/tasks/a`);
  assert.equal((await send(new URL(creator.object).pathname)).status, 200, 'it can be read');
  assert.equal(creator.datatype, `${xsd}anyURI`);
  const title = only(triples, `${dc}title`);
  assert.equal(title.object, 'Apply model iris to topic iris-in');
  assert.equal(title.datatype, `${xsd}string`);
  await service.updateTask(c1, { name: 'users/me/tasks/a', task: { displayName: 'Iris ✿' } });
  const renamed = await readRdf(t, (await send(path)).text);
  assert.equal(only(renamed, `${dc}title`).object, 'Iris ✿');
});

test('O27: as JSON a task is as AMBIT writes it, with -1 for the end of a running one', async (t) => {
  const { send, run, url } = await startOpentox(t);
  const json = async (path: string) => {
    const { status, text, type } = await send(path, { accept: 'application/json' });
    assert.match(type, /^application\/json/);
    const { task, ...rest } = JSON.parse(text);
    assert.deepEqual([task.length, rest], [1, {}]);
    return [status, task[0]];
  };
  const running = await run('a');
  const fields = { name: 'Apply model iris to topic iris-in', policyError: '', errorCause: null };
  assert.deepEqual(await json(running.path), [
    202,
    {
      ...fields,
      uri: running.uri,
      id: running.uid,
      error: '',
      status: 'Running',
      started: running.createdAt,
      completed: -1,
      result: running.uri,
    },
  ]);
  const done = await run('b', 'COMPLETED');
  const result = `${url}/v1/users/c1/tasks/b/executions/1`;
  const [status, task] = await json(done.path);
  assert.deepEqual(
    [status, task.uri, task.result, task.status, task.completed],
    [200, result, result, 'Completed', done.endedAt],
  );
  const [failedStatus, failed] = await json((await run('c', 'FAILED', broken)).path);
  assert.deepEqual(
    [failedStatus, failed.status, failed.error, failed.errorCause],
    [500, 'Error', broken.message, broken.lastError],
  );
  const [queuedStatus, queued] = await json((await run('d', 'QUEUED')).path);
  assert.deepEqual([queuedStatus, queued.status, queued.completed], [202, 'Queued', -1]);
  const [missingStatus, missing] = await json('/task/4711');
  assert.deepEqual(
    [missingStatus, missing.status, missing.uri, missing.error],
    [404, 'Error', `${url}/task/4711`, 'There is no execution "4711".'],
  );
  assert.ok(missing.completed > -1, 'who polls until it is done sees that it is');
});

test('O28: a URI list has nothing behind its last URI', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path } = await run('a', 'COMPLETED');
  await run('b');
  for (const each of ['/task', path, '/task/4711']) {
    const { text } = await send(each, { accept: uriList });
    assert.match(text, /\S$/);
    assert.doesNotMatch(text, /\r|\n\n/);
  }
  const none = await send('/task?query=Error', { accept: uriList });
  assert.deepEqual([none.status, none.text], [200, '']);
});

test('O29: a queued task answers 202 and is Running, since OpenTox has no word for it', async (t) => {
  const { send, run } = await startOpentox(t);
  const { path } = await run('a', 'QUEUED');
  const answer = await send(path);
  assert.equal(answer.status, 202);
  const triples = await readRdf(t, answer.text);
  assert.equal(only(triples, `${ot}hasStatus`).object, 'Running');
  assert.equal(only(triples, `${ot}percentageCompleted`).object, '0.0');
});

test('O30: percentages have a decimal point, and hostile texts arrive whole in every syntax', async (t) => {
  const { send, run } = await startOpentox(t);
  const message = 'a<b>&"c"\'\r\n\t]]>\\ \u{1F33A} é \u0000\u0008\uFFFE\uD800"""\u0085';
  const arrives = 'a<b>&"c"\'\r\n\t]]>\\ \u{1F33A} é \uFFFD\uFFFD\uFFFD\uFFFD"""\u0085';
  for (const [percent, expected] of [
    [0, '0.0'],
    [33.333_333, '33.33'],
    [99.999, '100.0'],
    [7, '7.0'],
  ] as const) {
    const progress = { ...noProgress, percentComplete: percent };
    const { path } = await run(`p${percent}`, 'FAILED', { message, progress });
    for (const [accept, format] of [
      [rdfXml, 'xml'],
      ['text/turtle', 'turtle'],
    ] as const) {
      const triples = await readRdf(t, (await send(path, { accept })).text, format);
      assert.equal(only(triples, `${ot}percentageCompleted`).object, expected);
      assert.equal(only(triples, `${ot}message`).object, arrives, accept);
      assert.equal(only(triples, `${dc}description`).object, arrives, accept);
    }
  }
});

test('O31: a failed task as a URI list is its own URI, with the code of the error', async (t) => {
  const { send, run, url } = await startOpentox(t);
  const failed = await run('a', 'FAILED', broken);
  const answer = await send(failed.path, { accept: uriList });
  assert.deepEqual([answer.status, urisOf(answer)], [500, [failed.uri]]);
  const missing = await send('/task/4711?subjectid=token-c1', { accept: uriList });
  assert.deepEqual([missing.status, urisOf(missing)], [404, [`${url}/task/4711`]]);
});
