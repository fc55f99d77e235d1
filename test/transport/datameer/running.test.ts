import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { kafkaForTests } from '../../support/kafka.js';
import { ask, reach, send } from './client.js';
import { type DatameerOptions, DatameerServer } from './datameer-server.js';

const good = JSON.stringify({ features: [5.1, 3.5, 1.4, 0.2] });
const mediumForm = /^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2} [AP]M$/;
const timestampForm = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,9}$/;

test('D3, D7, D8, D12, D13, D14, D16, D22: a job is triggered, runs, is listed and stopped', async (t) => {
  const { server, topics } = await begin(t);
  const { id } = await server.define('stream', await topics([good, good]));
  const triggered = await send(server, {
    method: 'POST',
    target: `/api/job-execution/${id}/trigger`,
  });
  assert.equal(triggered.status, 200);
  const execution: number = JSON.parse(triggered.text)['job-execution-id'];
  assert.equal(
    triggered.text,
    `{\n  "status": "success",\n  "job-execution-id": ${execution},\n` +
      '  "job-execution-user": "c1",\n  "job-execution-trigger": "RESTAPI"\n}',
  );
  const first = await ask(server, { target: `/api/job-execution/${id}/status` });
  assert.ok(['QUEUED', 'RUNNING'].includes(first['job-status']));
  assert.equal(first['job-execution-id'], execution);

  const again = await send(server, { method: 'POST', target: `/api/job-execution/${id}/trigger` });
  assert.equal(again.status, 409);
  assert.equal(JSON.parse(again.text).status, 'failure');

  const running = await reach(server, id, ['RUNNING']);
  assert.deepEqual(Object.keys(running), [
    'status',
    'file-id',
    'job-execution-id',
    'job-status',
    'start-time',
    'estimate-time',
    'job-progress',
  ]);
  assert.deepEqual([running['file-id'], running['job-execution-id']], [id, execution]);
  assert.match(String(running['start-time']), mediumForm);
  assert.match(String(running['estimate-time']), /^\d+s$/);
  assert.match(String(running['job-progress']), /^\d+$/);
  assert.equal(typeof running['job-progress'], 'string');

  const [listed, ...others] = await ask(server, { target: '/rest/jobs/list-running' });
  assert.deepEqual(others, []);
  assert.equal(listed.dapJobConfigurationId, id);
  assert.equal(listed.jobExecutionId, execution);
  assert.equal(listed.jobStatus, 'RUNNING');
  assert.equal(typeof listed.progress, 'number');
  assert.match(listed.startTime, timestampForm);
  assert.deepEqual(await ask(server, { target: '/rest/jobs/list-running', user: 'c2' }), []);
  const seen = await ask(server, { target: '/rest/jobs/list-running', user: 'boss' });
  assert.equal(seen.length, 1);

  for (const _twice of [1, 2]) {
    const stopped = await send(server, { method: 'POST', target: `/api/job-execution/${id}/stop` });
    assert.deepEqual([stopped.status, stopped.text], [200, '']);
    const canceled = await ask(server, { target: `/api/job-execution/${id}/status` });
    assert.equal(canceled['job-status'], 'CANCELED');
    assert.match(canceled['start-time'], mediumForm);
    assert.match(canceled['stop-time'], mediumForm);
    assert.equal(canceled['job-execution-id'], execution);
  }
  assert.deepEqual(await ask(server, { target: '/rest/jobs/list-running' }), []);
});

test('D4, D6: over the cap a job is queued, and canceled before it ran it has no start', async (t) => {
  const { server, topics } = await begin(t, { tasksMax: 1 });
  const first = await server.define('first', await topics([]));
  const second = await server.define('second', await topics([]));
  for (const { id } of [first, second]) {
    await ask(server, { method: 'POST', target: `/rest/job-execution?configuration=${id}` });
  }
  const target = `/api/job-execution/${second.id}/status`;
  const queued = await send(server, { target });
  const execution: number = JSON.parse(queued.text)['job-execution-id'];
  assert.equal(
    queued.text,
    `{\n  "status": "success",\n  "file-id": ${second.id},\n  "job-execution-id": ${execution},\n` +
      '  "job-status": "QUEUED",\n  "start-time": null\n}',
  );
  const listed = await ask(server, { target: '/rest/jobs/list-running' });
  assert.equal(listed.length, 1, 'what is queued does not run');

  const kill = `/rest/job-execution/job-kill/${execution}`;
  assert.deepEqual(await ask(server, { method: 'POST', target: kill }), { status: 'success' });
  const canceled = await ask(server, { target });
  assert.deepEqual(Object.keys(canceled), [
    'status',
    'file-id',
    'job-execution-id',
    'job-status',
    'start-time',
    'stop-time',
  ]);
  assert.deepEqual([canceled['job-status'], canceled['start-time']], ['CANCELED', null]);
  assert.match(canceled['stop-time'], mediumForm);
  assert.deepEqual(await ask(server, { method: 'POST', target: kill }), { status: 'success' });
  assert.deepEqual(await ask(server, { target }), canceled);
});

test('D5, D17, D18, D20, D21, D24, D25, D26, D27: what has ended is told by every route', async (t) => {
  const { server, topics } = await begin(t);
  const spec = { ...(await topics([good, 'no JSON', good])), until: 'END' };
  const { id, uid } = await server.define('bounded', spec);
  const run = { method: 'POST', target: `/rest/job-execution?configuration=${id}` };
  const started = await ask(server, { ...run, headers: { 'content-length': '0' } });
  assert.deepEqual(Object.keys(started), ['status', 'job-execution-id']);
  assert.equal(started.status, 'success');
  const ended = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'ERROR'];
  const warned = await reach(server, id, ended);
  assert.equal(warned['job-status'], 'COMPLETED_WITH_WARNINGS');
  assert.equal(warned['job-execution-id'], started['job-execution-id']);
  assert.match(String(warned['start-time']), mediumForm);
  assert.match(String(warned['stop-time']), mediumForm);
  const legacy = { target: `/rest/job-configuration/job-status/${id}` };
  const first = { id: started['job-execution-id'], jobStatus: 'COMPLETED_WITH_Warnings' };
  assert.equal((await send(server, legacy)).text, JSON.stringify(first, undefined, 2));

  const again = await ask(server, run);
  const completed = await reach(server, id, ended);
  assert.equal(completed['job-status'], 'COMPLETED');
  assert.deepEqual(Object.keys(completed), Object.keys(warned));
  const second = { id: again['job-execution-id'], jobStatus: 'COMPLETED' };
  assert.deepEqual(await ask(server, legacy), second);

  const history = `/rest/job-configuration/job-history/${id}`;
  const pages = {
    '?start=0&length=10': [second, first],
    '': [second, first],
    '?start=0&length=1': [second],
    '?start=1&length=1': [first],
    '?start=1': [first],
    '?start=2&length=1': [],
    '?length=0': [],
    '?start=2147483647': [],
  };
  for (const [query, page] of Object.entries(pages)) {
    assert.deepEqual(await ask(server, { target: history + query }), page, query);
  }
  const volume = await ask(server, { target: `/rest/job-configuration/volume-report/${id}` });
  assert.deepEqual(volume, [
    { ...second, importedVolume: 0, type: 'NORMAL' },
    { ...first, importedVolume: 3, type: 'NORMAL' },
  ]);

  const details = { target: `/rest/job-execution/job-details/${first.id}` };
  const { startTime, stopTime, ...rest } = await ask(server, details);
  assert.deepEqual([startTime, stopTime], [warned['start-time'], warned['stop-time']]);
  assert.equal(
    JSON.stringify(rest),
    JSON.stringify({
      jobStatus: 'COMPLETED_WITH_Warnings',
      jobConfigurationId: id,
      file: { id, uuid: uid },
      successCount: 2,
      failureCount: 1,
      counters: { IMPORT_RECORDS: 3, IMPORT_DROPPED_RECORDS: 1, EXPORT_RECORDS: 2 },
    }),
  );
  const removed = await send(server, { method: 'DELETE', target: `/rest/data/${first.id}` });
  assert.equal(removed.status, 404);
  assert.equal(JSON.parse(removed.text).reason, 'No job or data available');
  assert.equal((await ask(server, { target: history })).length, 2);
});

test('D21: job details of before 7.4 have their keys and times, in the zone of the service', async (t) => {
  const { server, topics } = await begin(t, { oldJobDetails: true, timeZone: 'Asia/Kolkata' });
  const { id } = await server.define('bounded', { ...(await topics([good])), until: 'END' });
  const target = `/rest/job-execution?configuration=${id}`;
  const { 'job-execution-id': execution } = await ask(server, { method: 'POST', target });
  await reach(server, id, ['COMPLETED']);
  const details = await ask(server, { target: `/rest/job-execution/job-details/${execution}` });
  const { counters, failureCount, jobStatus, startTime, stopTime, successCount, ...more } = details;
  assert.deepEqual(Object.keys(details), Object.keys(details).sort());
  assert.deepEqual(more, {});
  assert.deepEqual([counters.IMPORT_RECORDS, failureCount, successCount], [1, 0, 1]);
  assert.equal(jobStatus, 'COMPLETED');
  assert.match(startTime, timestampForm);
  const { execution: stored } = await server.service.getExecution(
    { name: 'c1', role: 'OPERATOR', projects: [] },
    { name: 'users/c1/tasks/bounded/executions/-' },
  );
  const shown = Date.parse(`${stopTime.replace(' ', 'T')}+05:30`);
  assert.equal(shown, stored.endedAt);
});

test('a job that fails is an ERROR, and an execution that runs can be removed', async (t) => {
  const { server, topics } = await begin(t);
  const failing = await topics(['no JSON']);
  const broken = await server.define('broken', { ...failing, onBadRecord: 'FAIL', until: 'END' });
  await ask(server, { method: 'POST', target: `/api/job-execution/${broken.id}/trigger` });
  const error = await reach(server, broken.id, ['ERROR']);
  assert.match(String(error['stop-time']), mediumForm);

  const stream = await server.define('stream', await topics([]));
  const target = `/api/job-execution/${stream.id}/trigger`;
  const { 'job-execution-id': execution } = await ask(server, { method: 'POST', target });
  const data = `/rest/data/${execution}`;
  assert.deepEqual(await ask(server, { method: 'DELETE', target: data }), { status: 'success' });
  const job = await ask(server, { target: `/api/job-execution/${stream.id}/status` });
  assert.equal(job['job-status'], 'CANCELED');
});

/** A service on the broker of the tests, and a maker of a source with these values and an empty sink. */
async function begin(t: TestContext, options: DatameerOptions = {}) {
  const kafka = await kafkaForTests();
  const server = await DatameerServer.start(t, { ...options, brokers: kafka.brokers });
  const topics = async (values: readonly string[]) => {
    const source = await kafka.createTopic({ prefix: 'datameer-in' });
    const sink = await kafka.createTopic({ prefix: 'datameer-out' });
    if (values.length > 0) {
      await kafka.produceRecords(
        source,
        values.map((value) => ({ value })),
      );
    }
    return { source: { topic: source }, sink: { topic: sink } };
  };
  return { server, topics };
}
