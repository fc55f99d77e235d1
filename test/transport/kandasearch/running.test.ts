import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import type { SpecDraft } from '../../../src/domain/draft.js';
import { temporaryFile } from '../../cli/program-process.js';
import { fixturePath } from '../../support/fixtures.js';
import { kafkaForTests } from '../../support/kafka.js';
import { runProcess } from '../../support/process.js';
import { act, ask, createTask, errorOf, reach, resultOf } from './client.js';
import { startKandasearch } from './kandasearch-server.js';

const dateForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/;

interface Samples {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** A server, topics with the iris samples in the source, and a target between them. */
async function begin(t: TestContext, spec: SpecDraft = {}) {
  const kafka = await kafkaForTests();
  const server = await startKandasearch(t, { brokers: kafka.brokers });
  const source = await kafka.createTopic({ prefix: 'kanda-in' });
  const sink = await kafka.createTopic({ prefix: 'kanda-out' });
  const samples: Samples = JSON.parse(await readFile(fixturePath('iris.json'), 'utf8'));
  const records = samples.rows.map((features) => JSON.stringify({ features }));
  await kafka.produceRecords(
    source,
    records.map((value) => ({ value })),
  );
  const targetId = await server.target({
    source: { topic: source },
    sink: { topic: sink },
    ...spec,
  });
  const labelsOf = async (until: number): Promise<number[]> => {
    const written = await kafka.readCommitted(sink, { until });
    return written.map(({ value }) => JSON.parse(value ?? '{}').label);
  };
  return { kafka, server, sink, records, targetId, labelsOf, labels: samples.labels };
}

test('K5, K6: a started task is RUNNING with a start date, and COMPLETED with both when its topic is read', async (t) => {
  const { server, targetId, labelsOf, labels } = await begin(t, { until: 'END' });
  const { task, path } = await createTask(server, targetId);
  const started = resultOf(await act(server, path, { action: { action: 'start' } }));
  assert.equal(started.status, 'RUNNING');
  assert.match(started.startDate ?? '', dateForm);
  assert.equal(started.endDate, null);
  const twice = errorOf(await act(server, path, { action: { action: 'start' } }));
  assert.equal(twice, 'The task was started already, and runs only once.');
  const done = await reach(server, path, ['COMPLETED', 'FAILED', 'ABORTED']);
  assert.deepEqual(
    { ...done, endDate: null },
    { ...task, status: 'COMPLETED', startDate: started.startDate },
  );
  assert.match(done.endDate ?? '', dateForm);
  assert((done.endDate ?? '') >= (done.startDate ?? ''));
  assert.deepEqual(await labelsOf(labels.length), labels);
});

test('K7: a task that cannot read its topic is FAILED with a text, in an envelope that says OK', async (t) => {
  const { server, targetId } = await begin(t, { source: { topic: 'no-such-topic' } });
  const { path } = await createTask(server, targetId);
  resultOf(await act(server, path, { action: { action: 'start' } }));
  const failed = await reach(server, path, ['FAILED']);
  assert.match(failed.error ?? '', /no-such-topic/);
  assert.match(failed.endDate ?? '', dateForm);
  errorOf(await act(server, path, { action: { action: 'start' } }));
});

test('K8: a running task that is aborted is ABORTED for good', async (t) => {
  const { server, targetId } = await begin(t);
  const { path } = await createTask(server, targetId);
  resultOf(await act(server, path, { action: { action: 'start' } }));
  const command = { action: { action: 'abort', params: { force: true } } };
  const aborted = resultOf(await act(server, path, command));
  assert.equal(aborted.status, 'ABORTED');
  assert.equal(aborted.error, null);
  assert.match(aborted.endDate ?? '', dateForm);
  errorOf(await act(server, path, { action: { action: 'start' } }));
  assert.deepEqual(resultOf(await ask(server, { path })), aborted);
});

test('K10: the records of two files, as lines and as an array, are scored into the sink, in any state but the last', async (t) => {
  const { server, records, targetId, labelsOf, labels } = await begin(t, {
    source: { topic: 'no-such-topic' },
  });
  const { path } = await createTask(server, targetId);
  const half = Math.ceil(records.length / 2);
  const files = [
    `${records.slice(0, half).join('\r\n')}\n\n`,
    `[${records.slice(half).join(', ')}]`,
  ];
  const answer = await act(server, path, { action: { action: 'predict' }, files });
  assert.equal(resultOf(answer).status, 'PENDING');
  assert.deepEqual(await labelsOf(labels.length), labels);
  assert.deepEqual(await server.leftovers(), []);
});

test('one bad record among the files of a command is named, and nothing is written', async (t) => {
  const { kafka, server, sink, records, targetId } = await begin(t);
  const { path } = await createTask(server, targetId);
  const cases = [
    [`${records[0]}\n\n{"features":[1,2]}\n`, /file 2, line 3/],
    ['[{"features":"x"}]', /file 2, record 1/],
    ['[{', /file 2: It is neither a JSON array/],
  ] as const;
  for (const [second, where] of cases) {
    const files = [records.join('\n'), second];
    const answer = await act(server, path, { action: { action: 'predict' }, files });
    assert.match(errorOf(answer), where);
  }
  assert.deepEqual(await kafka.readCommitted(sink), []);
  assert.deepEqual(await server.leftovers(), []);
});

test('a loaded model is scored with, one that is none is refused, and names of files are not looked at', async (t) => {
  const { server, targetId, labelsOf, labels } = await begin(t, { until: 'END' });
  const { path } = await createTask(server, targetId);
  const broken = await act(server, path, { action: { action: 'load-model' }, files: ['no model'] });
  errorOf(broken);
  const model = await readFile(fixturePath('iris.onnx'));
  const form = new FormData();
  form.append('file', new Blob([model]), '../../../../etc/cron.d/x');
  form.append('data', '{"data":{"action":"load-model","params":{"name":"newer"}}}');
  resultOf(await ask(server, { path: `${path}/action`, method: 'POST', body: form }));
  const names = (await server.store.listModels('boss', { limit: 9 })).map(({ name }) => name);
  assert.deepEqual(names, ['iris', 'newer']);
  assert.deepEqual(await server.leftovers(), []);
  resultOf(await act(server, path, { action: { action: 'start' } }));
  await reach(server, path, ['COMPLETED']);
  assert.deepEqual(await labelsOf(labels.length), labels);
});

test('K22, K23, K24: curl gets a token, makes a task, posts a form with -F and polls, as the document tells', async (t) => {
  const { server, records, targetId, labelsOf, labels } = await begin(t, { until: 'END' });
  const curl = async (...args: readonly string[]) => {
    const ended = await runProcess(t, 'curl', { args: ['-sS', '--fail-with-body', ...args] });
    assert.equal(ended.code, 0, ended.stderr + ended.stdout);
    return ended.stdout;
  };
  const credentials = ['-d', 'username=boss', '--data-urlencode', 'password=password-boss'];
  const token = await curl(...credentials, `${server.url}/external/v1/auth/token`);
  const bearer = ['-H', `Authorization: Bearer ${token}`];
  const base =
    `${server.url}/external/v1/projects/8d721283-cf1c-4985-a2ae-65c81fe5e164` +
    '/instance-sets/6b3e5dbe-5ed1-4d22-9a6b-af56cbe5a0e7/tasks';
  const body = ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ targetId })];
  const { id } = JSON.parse(await curl(...bearer, ...body, base)).result;
  const file = await temporaryFile('records.jsonl', records.join('\n'));
  const data = await temporaryFile('action.json', '{"data":{"action":"predict"}}');
  const forms = [
    ['-F', 'data={"data":{"action":"predict"}}', '-F', `file=@${file}`, '-F', `file=@${file}`],
    ['-F', `data=@${data};type=application/json`, '-F', `file=@${file};filename=`],
    ['-F', 'data={"data":{"action":"start"}};type=application/json'],
  ];
  for (const form of forms) {
    const answer = JSON.parse(await curl(...bearer, ...form, `${base}/${id}/action`));
    assert.equal(answer.status, 'OK', JSON.stringify(answer));
  }
  const path = `${base}/${id}`.slice(server.url.length);
  await reach(server, path, ['COMPLETED']);
  const all = [...labels, ...labels, ...labels, ...labels];
  assert.deepEqual((await labelsOf(all.length)).sort(), all.sort());
});

test('a task is the same task in the core API, and a queued one is PENDING', async (t) => {
  const kafka = await kafkaForTests();
  const server = await startKandasearch(t, { brokers: kafka.brokers, tasksMax: 0 });
  const { task, path } = await createTask(server, await server.target());
  const full = { action: { action: 'start', params: { whenFull: 'REFUSE' } } };
  assert.match(errorOf(await act(server, path, full)), /^As many tasks run/);
  assert.equal(
    resultOf(await act(server, path, { action: { action: 'start' } })).status,
    'PENDING',
  );
  const response = await fetch(`${server.url}/v1/users/boss/tasks`, {
    headers: { authorization: 'Bearer token-boss' },
  });
  const { tasks } = JSON.parse(await response.text());
  assert.equal(tasks[0].uid, task.id);
  assert.equal(tasks[0].status.state, 'STATE_QUEUED');
  assert.equal(tasks[0].annotations, undefined);
  const aborted = resultOf(await act(server, path, { action: { action: 'abort' } }));
  assert.equal(aborted.status, 'ABORTED');
  assert.equal(aborted.startDate, null);
});
