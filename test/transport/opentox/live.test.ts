import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { Until } from '../../../gen/ts/predictd/v1/task_pb.js';
import { serviceUnderTest, taskName } from '../../main-job/service-under-test.js';
import { eventually } from '../../support/eventually.js';
import { kafkaForTests, uniqueName } from '../../support/kafka.js';
import { runProcess } from '../../support/process.js';
import { signedHeaders } from '../symetry/client.js';
import { only, ot, readRdf, typed, valuesOf } from './rdflib.js';

const deadlineMs = 90_000;
const uriList = ['-H', 'Accept: text/uri-list'];

/** The real service with a broker, spoken to by curl as its admin. */
async function open(t: TestContext, flags: readonly string[] = []) {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const admin = JSON.parse(await readFile(under.service.adminFile, 'utf8'));
  const curl = async (url: string, ...args: readonly string[]) => {
    const all = [
      '-sS',
      '-m',
      '60',
      '-w',
      '\n%{http_code}',
      '-H',
      `subjectid: ${admin.token}`,
      ...args,
      url,
    ];
    const { stdout, stderr, code } = await runProcess(t, 'curl', { args: all });
    assert.equal(code, 0, stderr);
    const at = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, Math.max(at, 0)) };
  };
  const create = (taskId: string, topic: string, until: Until) =>
    under.connection.tasks.createTask({
      parent: 'users/admin',
      taskId,
      task: {
        spec: {
          source: { topic },
          sink: { topic: `${topic}-out` },
          predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
          until,
        },
      },
    });
  const start = async (taskId: string) => {
    const url = `${under.service.url}/v1/${taskName(taskId)}:start`;
    const json = ['-H', 'Content-Type: application/json', '-d', '{}'];
    const { status, text } = await curl(url, ...uriList, ...json);
    assert.equal(status, 202, text);
    return text;
  };
  /** Asks as OpenTox's own examples do: as long as the answer is 202. */
  const wait = (task: string) =>
    eventually(
      async () => {
        const answer = await curl(task);
        return answer.status !== 202 && answer;
      },
      { deadlineMs, what: `an answer other than 202 from ${task}` },
    );
  return { kafka, under, admin, curl, create, start, wait, url: under.service.url };
}

test('a bounded run, started and followed by curl, completes with its result', async (t) => {
  const { kafka, curl, create, start, wait, url } = await open(t);
  const topic = await kafka.createTopic({ partitions: 2 });
  const value = '{"features":[5.1,3.5,1.4,0.2]}';
  await kafka.produceRecords(
    topic,
    Array.from({ length: 500 }, () => ({ value })),
  );
  await create('bounded', topic, Until.END);
  const task = await start('bounded');
  assert.match(task, new RegExp(`^${url}/task/[0-9a-f-]{36}$`));
  const done = await wait(task);
  assert.equal(done.status, 200, done.text);
  const triples = await readRdf(t, done.text);
  assert.deepEqual(typed(triples, `${ot}Task`), [task]);
  assert.equal(only(triples, `${ot}percentageCompleted`).object, '100.0');
  const result = await curl(task, ...uriList);
  assert.deepEqual([result.status, result.text], [200, only(triples, `${ot}resultURI`).object]);
  const execution = JSON.parse((await curl(result.text, '-H', 'Accept: application/json')).text);
  assert.equal(execution.counters.recordsOut, '500');
  const history = await curl(`${task}/history`, '-H', 'Accept: application/json');
  const statuses = JSON.parse(history.text).history.map(
    ({ status }: { status: string | null }) => status,
  );
  assert.deepEqual([statuses[0], statuses.at(-1)], ['Running', 'Completed']);
});

test('a running stream is cancelled by DELETE, and resumed by a start', async (t) => {
  const { kafka, under, curl, create, start, wait, url } = await open(t, ['--tasks-max', '1']);
  const topic = await kafka.createTopic();
  await create('stream', topic, Until.STOPPED);
  await create('waiting', topic, Until.STOPPED);
  const first = await start('stream');
  const queued = await start('waiting');
  assert.equal((await curl(queued)).status, 202);
  assert.equal((await curl(`${url}/task?search=Queued`, ...uriList)).text, queued);
  assert.equal((await curl(queued, '-X', 'DELETE')).status, 200);
  assert.equal((await wait(queued)).status, 503);
  const deleted = await curl(first, '-X', 'DELETE');
  assert.equal(deleted.status, 200);
  const { status } = await under.connection.tasks.getTask({ name: taskName('stream') });
  assert.equal(status?.processIsAlive, false);
  const cancelled = await curl(first);
  assert.equal(cancelled.status, 503);
  assert.equal(only(await readRdf(t, cancelled.text), `${ot}hasStatus`).object, 'Cancelled');
  const second = await start('stream');
  const resumed = await curl(first, ...uriList);
  assert.deepEqual([resumed.status, resumed.text], [201, second]);
  assert.equal((await curl(second)).status, 202);
  assert.equal((await curl(second, '-X', 'DELETE')).status, 200);
  assert.equal((await curl(second)).status, 503);
});

test('a run that fails says why in its error report', async (t) => {
  const { curl, create, start, wait } = await open(t);
  await create('broken', uniqueName('no-such-topic'), Until.END);
  const task = await start('broken');
  const failed = await wait(task);
  assert.equal(failed.status, 500);
  const triples = await readRdf(t, failed.text);
  const [report = ''] = typed(triples, `${ot}ErrorReport`);
  assert.deepEqual(valuesOf(triples, `${ot}details`, report), ['TOPIC_NOT_FOUND']);
  const [message = ''] = valuesOf(triples, `${ot}message`, report);
  assert.match(message, /no-such-topic/);
  assert.deepEqual(await curl(task, ...uriList), { status: 500, text: task });
});

test('whoever starts it, a run answers with its task to those who ask for that', async (t) => {
  const { kafka, under, curl, create, url, admin } = await open(t);
  const topic = await kafka.createTopic();
  const { id } = await create('shared', topic, Until.STOPPED);
  const target = '/symetry/rest/admin/tasks/shared/start';
  const signed = () =>
    Object.entries(signedHeaders({ target, cid: 'admin', key: admin.secretKey })).flatMap(
      ([name, value]) => ['-H', `${name}: ${value}`],
    );
  const first = await curl(url + target, ...signed(), ...uriList);
  assert.equal(first.status, 202, first.text);
  assert.equal((await curl(first.text)).status, 202, 'it is the task');
  const again = await curl(url + target, ...signed(), ...uriList);
  assert.deepEqual(again, first, 'what runs already is the same task');
  const plain = await curl(url + target, ...signed());
  assert.deepEqual([plain.status, JSON.parse(plain.text).statusCode], [200, 'OK']);
  assert.equal((await curl(first.text, '-X', 'DELETE')).status, 200);

  const trigger = [`${url}/api/job-execution/${id}/trigger`, '-X', 'POST'] as const;
  const basic = ['-u', `admin:${admin.password}`];
  const graph = await curl(...trigger, ...basic, '-H', 'Accept: application/rdf+xml');
  assert.equal(graph.status, 202, graph.text);
  const [task = ''] = typed(await readRdf(t, graph.text), `${ot}Task`);
  assert.equal((await curl(first.text, ...uriList)).text, task, 'it resumed the first one');
  assert.equal((await curl(task, '-X', 'DELETE')).status, 200);
  const job = await curl(...trigger, ...basic);
  assert.equal(JSON.parse(job.text).status, 'success');
  await under.connection.tasks.stopTask({ name: taskName('shared') });
});

test('a sequence of jobs is followed from task to task until the last result', async (t) => {
  const { kafka, curl, create, wait, url, admin } = await open(t);
  const topic = await kafka.createTopic();
  await kafka.produceRecords(topic, [{ value: '{"features":[5.1,3.5,1.4,0.2]}' }]);
  const { id: firstId } = await create('first', topic, Until.END);
  const { id: secondId } = await create('second', topic, Until.END);
  const started = await curl(
    `${url}/rest/job-execution?sequence=${firstId}`,
    ...['-u', `admin:${admin.password}`, '-H', 'Content-Type: application/json'],
    ...[...uriList, '-d', `{ fileIds : [ ${secondId}, ] }`],
  );
  assert.equal(started.status, 202, started.text);
  const first = await wait(started.text);
  assert.equal(first.status, 201, first.text);
  const next = only(await readRdf(t, first.text), `${ot}resultURI`).object;
  const second = await wait(next);
  assert.equal(second.status, 200, second.text);
  assert.equal(
    only(await readRdf(t, second.text), `${ot}resultURI`).object,
    `${url}/v1/users/admin/tasks/second/executions/1`,
  );
});
