import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '../../../src/cli/connection.js';
import { startLocalService } from '../../../src/demo/local-service.js';
import { eventually } from '../../support/eventually.js';
import { fixturePath } from '../../support/fixtures.js';
import { kafkaForTests } from '../../support/kafka.js';

const records = 3_000;
const deadlineMs = 90_000;

test('a sequence goes on after its service was killed in the midst of it', async (t) => {
  const kafka = await kafkaForTests();
  const data = await mkdtemp(join(tmpdir(), 'predictd-datameer-crash-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const options = { data, brokers: kafka.bootstrapServers, flags: ['--time-zone', 'UTC'] };
  const first = await startLocalService(options);
  t.after(() => first.end('SIGKILL'));
  const topics = { from: await kafka.createTopic(), to: await kafka.createTopic() };
  const value = JSON.stringify({ features: [5.1, 3.5, 1.4, 0.2] });
  await kafka.produceRecords(
    topics.from,
    Array.from({ length: records }, () => ({ value })),
  );
  const beside = { from: await kafka.createTopic(), to: await kafka.createTopic() };
  const ids = await define(first, [topics, beside]);
  const { password } = JSON.parse(await readFile(first.adminFile, 'utf8'));
  const headers = {
    authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`,
  };
  const statusOf = async (url: string, id: bigint | undefined) => {
    const response = await fetch(`${url}/api/job-execution/${id}/status`, { headers });
    return JSON.parse(await response.text())['job-status'];
  };

  const sequence = `${first.url}/rest/job-execution?sequence=${ids.join()}`;
  const started = await fetch(sequence, { method: 'POST', headers });
  assert.equal(started.status, 200);
  const plan: readonly Record<string, unknown>[] = JSON.parse(await started.text())[
    'execution-plan'
  ];
  await eventually(async () => (await statusOf(first.url, ids[0])) === 'RUNNING', { deadlineMs });
  assert.equal(await statusOf(first.url, ids[1]), 'WAITING_FOR_OTHER_JOB');
  await first.end('SIGKILL');

  const second = await startLocalService(options);
  t.after(() => second.end('SIGTERM'));
  await eventually(
    async () => {
      const status = await statusOf(second.url, ids[1]);
      if (status === 'COMPLETED') return true;
      throw new Error(status);
    },
    { deadlineMs, what: 'the second job of the sequence' },
  );
  assert.equal(await statusOf(second.url, ids[0]), 'COMPLETED');
  for (const entry of plan) {
    const details = `${second.url}/rest/job-execution/job-details/${entry['job-execution-id']}`;
    const response = await fetch(details, { headers });
    assert.equal(JSON.parse(await response.text()).jobStatus, 'COMPLETED');
  }
  assert.equal((await kafka.readCommitted(topics.to, { until: records })).length, records);
});

/** Uploads a model and defines a task for each pair of topics; answers their ids. */
async function define(
  service: { readonly url: string; readonly adminFile: string },
  pairs: readonly { readonly from: string; readonly to: string }[],
): Promise<readonly bigint[]> {
  const connection = connect({ url: service.url, tokenFile: service.adminFile }, {});
  const parent = 'users/admin';
  const data = await readFile(fixturePath('iris.onnx'));
  await connection.models.uploadModel(
    (async function* () {
      yield { parent, modelId: 'iris', content: { data, contentType: '' } };
    })(),
  );
  const ids: bigint[] = [];
  for (const { from, to } of pairs) {
    const { id } = await connection.tasks.createTask({
      parent,
      taskId: `from-${from}`,
      task: {
        spec: {
          source: { topic: from },
          sink: { topic: to },
          predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
          // Small transactions, so that the first one is still at work when it is killed.
          batch: { maxRecords: 50 },
        },
      },
    });
    ids.push(id);
  }
  connection.close();
  return ids;
}
