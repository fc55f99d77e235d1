import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Execution } from '../../../src/domain/execution.js';
import { kafkaForTests, type TestKafka } from '../../support/kafka.js';
import { ask, reach, send } from './client.js';
import { c1, DatameerServer } from './datameer-server.js';

const good = JSON.stringify({ features: [5.1, 3.5, 1.4, 0.2] });
const json = { 'content-type': 'application/json' };
const ended = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'CANCELED', 'ERROR'];

test('D23: a sequence with the documented body runs what is named, then what is downstream, in order', async (t) => {
  const { server, kafka, jobs, topics } = await begin(t);
  const [log, other, categories] = [jobs.apacheLog, jobs.other, jobs.categorization];
  const answer = await send(server, {
    method: 'POST',
    target: `/rest/job-execution?sequence=${log.id}`,
    headers: json,
    body: `{ variables : { "foo": "${topics.source}" }, "fileIds" : [${other.id}, ]}`,
  });
  assert.equal(answer.status, 200, answer.text);
  const body = JSON.parse(answer.text);
  assert.deepEqual(Object.keys(body), ['status', 'execution-plan']);
  assert.equal(body.status, 'success');
  const plan: readonly Record<string, unknown>[] = body['execution-plan'];
  assert.deepEqual(
    plan.map((entry) => [entry['job-configuration-name'], entry['job-configuration-id']]),
    [
      ['apache_log', log.id],
      ['other', other.id],
      ['categorization', categories.id],
    ],
  );
  for (const entry of plan) {
    assert.deepEqual(Object.keys(entry), [
      'job-configuration-name',
      'job-configuration-id',
      'trigger',
      'job-execution-id',
    ]);
    assert.equal(entry.trigger, true);
    assert.equal(typeof entry['job-execution-id'], 'number');
  }
  const waiting = await ask(server, { target: `/api/job-execution/${categories.id}/status` });
  assert.equal(waiting['job-status'], 'WAITING_FOR_OTHER_JOB');
  assert.equal(waiting['job-execution-id'], plan[2]?.['job-execution-id']);
  assert.equal(waiting['start-time'], null);

  await reach(server, categories.id, ['COMPLETED']);
  const executions = await executionsOf(server, plan);
  for (const [index, execution] of executions.entries()) {
    assert.equal(execution.state, 'COMPLETED');
    assert.equal(execution.spec.until, 'END');
    const before = executions[index - 1];
    if (!before) continue;
    assert.equal(execution.continues, before.id, 'it says which one it continues');
    assert.ok((execution.startedAt ?? 0) >= (before.endedAt ?? Number.POSITIVE_INFINITY));
  }
  const written = await kafka.readCommitted(topics.sink, { until: 3 });
  assert.equal(written.length, 3, 'the last one has read all that the first one wrote');
});

test('a sequence survives the service', async (t) => {
  const { server, kafka, jobs, topics } = await begin(t);
  const plan = await runAll(server, jobs, topics.source);
  await server.restart();
  const job = await reach(server, jobs.categorization.id, ended);
  assert.equal(job['job-status'], 'COMPLETED');
  const executions = await executionsOf(server, plan);
  assert.deepEqual(
    executions.map(({ state }) => state),
    ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  );
  assert.equal((await kafka.readCommitted(topics.sink, { until: 3 })).length, 3);
});

test('what follows a job that did not complete is canceled, and can be started again', async (t) => {
  const { server, jobs, topics } = await begin(t);
  await runAll(server, jobs, topics.source);
  const stop = `/api/job-execution/${jobs.apacheLog.id}/stop`;
  await send(server, { method: 'POST', target: stop });
  for (const { id } of [jobs.other, jobs.categorization]) {
    const job = await reach(server, id, ended);
    assert.deepEqual([job['job-status'], job['start-time']], ['CANCELED', null]);
  }
  const { task } = await server.service.getTask(c1, { name: 'users/c1/tasks/categorization' });
  assert.equal(task.desired, 'STOPPED');
  await runAll(server, jobs, topics.source);
  await reach(server, jobs.categorization.id, ['COMPLETED']);
});

test('a sequence is started as a whole or not at all', async (t) => {
  const { server, jobs, topics } = await begin(t);
  const before = await server.store.eventBounds();
  const sequence = (body: string) => ({
    method: 'POST',
    target: `/rest/job-execution?sequence=${jobs.other.id},${jobs.apacheLog.id}`,
    headers: json,
    body,
  });
  const missing = await send(server, sequence('{ variables: { bar: "x" } }'));
  assert.equal(missing.status, 400);
  assert.match(JSON.parse(missing.text).reason, /\$\{foo\}/);
  const wrong = await send(server, sequence('{ variables: { foo: "no topic name" } }'));
  assert.equal(wrong.status, 400);
  assert.match(JSON.parse(wrong.text).reason, /no topic name/);
  const unknown = await send(server, sequence('{ fileIds: [999999] }'));
  assert.equal(unknown.status, 404);
  const alone = { method: 'POST', target: `/api/job-execution/${jobs.apacheLog.id}/trigger` };
  assert.equal((await send(server, alone)).status, 400, 'nobody gives it its variable');
  assert.deepEqual(await server.store.eventBounds(), before);

  await ask(server, { method: 'POST', target: `/api/job-execution/${jobs.other.id}/trigger` });
  const busy = await send(server, sequence(`{ variables: { foo: "${topics.source}" } }`));
  assert.equal(busy.status, 409);
  const status = await ask(server, {
    target: `/api/job-execution/${jobs.apacheLog.id}/status`,
  });
  assert.equal(status['job-status'], '_NONE');
});

test('what is downstream and runs already is listed, and left running', async (t) => {
  const { server, jobs, topics } = await begin(t);
  const { categorization } = jobs;
  await ask(server, { method: 'POST', target: `/api/job-execution/${categorization.id}/trigger` });
  const running = await reach(server, categorization.id, ['RUNNING']);
  const [first, second] = await runAll(server, jobs, topics.source, [jobs.apacheLog.id]);
  assert.equal(first?.trigger, true);
  assert.deepEqual(second, {
    'job-configuration-name': 'categorization',
    'job-configuration-id': categorization.id,
    trigger: false,
    'job-execution-id': running['job-execution-id'],
  });
  await reach(server, jobs.apacheLog.id, ['COMPLETED']);
  await reach(server, categorization.id, ['RUNNING']);
});

interface Jobs {
  readonly apacheLog: { readonly id: number };
  readonly other: { readonly id: number };
  readonly categorization: { readonly id: number };
}

/** Three records; one job that scores them, one beside it, and one that reads what the first one writes. */
async function begin(t: TestContext) {
  const kafka: TestKafka = await kafkaForTests();
  const server = await DatameerServer.start(t, { brokers: kafka.brokers });
  await server.upload('named', 'iris-named.onnx');
  const topic = (prefix: string) => kafka.createTopic({ prefix });
  const topics = {
    source: await topic('datameer-in'),
    between: await topic('datameer-between'),
    sink: await topic('datameer-out'),
    otherSource: await topic('datameer-in'),
    otherSink: await topic('datameer-out'),
  };
  await kafka.produceRecords(topics.source, [{ value: good }, { value: good }, { value: good }]);
  const label = 'label';
  const inputs = Object.fromEntries(
    ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'].map((name) => [name, label]),
  );
  const jobs: Jobs = {
    // The one that is last in the plan is the oldest, so that its place is not that of its id.
    categorization: await server.define('categorization', {
      source: { topic: topics.between },
      sink: { topic: topics.sink },
      predictor: { onnx: { model: 'named', inputs } },
    }),
    apacheLog: await server.define('apache_log', {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the task
      source: { topic: '${foo}' },
      sink: { topic: topics.between },
    }),
    other: await server.define('other', {
      source: { topic: topics.otherSource },
      sink: { topic: topics.otherSink },
    }),
  };
  return { server, kafka, jobs, topics };
}

async function runAll(
  server: DatameerServer,
  { apacheLog, other }: Jobs,
  foo: string,
  ids: readonly number[] = [apacheLog.id, other.id],
): Promise<readonly Record<string, unknown>[]> {
  const body = await ask(server, {
    method: 'POST',
    target: `/rest/job-execution?sequence=${ids.join()}`,
    headers: json,
    body: `{ variables: { foo: "${foo}" } }`,
  });
  return body['execution-plan'];
}

async function executionsOf(
  server: DatameerServer,
  plan: readonly Record<string, unknown>[],
): Promise<readonly Execution[]> {
  const reads = plan.map((entry) => server.store.executionById(Number(entry['job-execution-id'])));
  return (await Promise.all(reads)).filter((execution) => execution !== undefined);
}
