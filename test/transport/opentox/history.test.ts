import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOpentox, urisOf } from './opentox-server.js';
import { dc, only, ot, rdf, readRdf, typed, valuesOf } from './rdflib.js';

/** A task with two executions, the first one with two events and the second with one. */
async function withHistory(...[t]: Parameters<typeof startOpentox>) {
  const server = await startOpentox(t);
  const { run, store, supervisor, service, c1 } = server;
  const { uid, taskId } = await run('a', 'FAILED');
  const task = await store.taskById(taskId);
  assert.ok(task);
  await store.write((writes) =>
    writes.appendEvent({
      ...supervisor.draft(task, 'TOPIC_NOT_FOUND'),
      executionNumber: 1,
      message: 'There is no topic "<iris>".',
      severity: 'ERROR',
      toState: 'FAILED',
    }),
  );
  await service.startTask(c1, { name: 'users/me/tasks/a' });
  return { ...server, path: `/task/${uid}/history`, task: `${server.url}/task/${uid}` };
}

test('the history of a task as RDF is a sequence of what happened to it', async (t) => {
  const { send, path, url, task } = await withHistory(t);
  const answer = await send(path);
  assert.equal(answer.status, 200);
  for (const [accept, format] of [
    ['application/rdf+xml', 'xml'],
    ['text/turtle', 'turtle'],
  ] as const) {
    const triples = await readRdf(t, (await send(path, { accept })).text, format);
    const [history = '', ...others] = typed(triples, `${rdf}Seq`);
    assert.deepEqual([history, others], [`${url}${path}`, []]);
    assert.equal(only(triples, `${dc}source`).object, task);
    const [first = ''] = valuesOf(triples, `${rdf}_1`, history);
    const [second = ''] = valuesOf(triples, `${rdf}_2`, history);
    assert.deepEqual(valuesOf(triples, `${rdf}_3`, history), [], 'other executions are not in it');
    assert.deepEqual(valuesOf(triples, `${dc}title`, first), ['STARTED']);
    assert.deepEqual(valuesOf(triples, `${dc}contributor`, first), ['users/c1']);
    assert.deepEqual(valuesOf(triples, `${dc}title`, second), ['TOPIC_NOT_FOUND']);
    assert.deepEqual(valuesOf(triples, `${dc}type`, second), ['ERROR']);
    assert.deepEqual(valuesOf(triples, `${ot}hasStatus`, second), ['Error']);
    assert.deepEqual(valuesOf(triples, `${dc}description`, second), [
      'There is no topic "<iris>".',
    ]);
    assert.match(valuesOf(triples, `${dc}date`, second).join(), /^\d{13}$/);
  }
});

test('the history of a task as JSON and as a URI list has one entry for each event', async (t) => {
  const { send, path, url, task } = await withHistory(t);
  const { text } = await send(path, { accept: 'application/json' });
  const json = JSON.parse(text);
  assert.deepEqual([json.uri, json.task], [url + path, task]);
  const [first, second] = json.history;
  assert.deepEqual([first.name, first.status, json.history.length], ['STARTED', null, 2]);
  assert.deepEqual(
    [second.name, second.status, second.severity],
    ['TOPIC_NOT_FOUND', 'Error', 'ERROR'],
  );
  const uris = urisOf(await send(path, { accept: 'text/uri-list' }));
  assert.deepEqual(uris, [first.uri, second.uri]);
});

test('of a long history the newest events are told', async (t) => {
  const { send, path, store, supervisor } = await withHistory(t);
  const task = await store.taskByName('c1', 'a');
  assert.ok(task);
  await store.write(async (writes) => {
    for (let index = 0; index < 2_100; index += 1) {
      const draft = supervisor.draft(task, index === 2_099 ? 'LAST' : 'TICK');
      await writes.appendEvent({ ...draft, executionNumber: 1 });
    }
  });
  const { text } = await send(path, { accept: 'application/json' });
  const { history } = JSON.parse(text);
  assert.deepEqual([history.length, history.at(-1).name], [1_000, 'LAST']);
});
