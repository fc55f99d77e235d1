import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { startPeer } from '../predict/oip/oip-peer.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests } from '../support/kafka.js';
import { serviceUnderTest, taskName } from './service-under-test.js';

const name = taskName('remote');
const token = 'a-t0ken-that-nobody-sees';

function recordsOf(from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => {
    const id = from + index;
    return { key: String(id), value: JSON.stringify({ features: [id, 1] }), partition: 0 };
  });
}

test('a remote predictor that is away is waited for, and no record is lost or doubled', async (t) => {
  const kafka = await kafkaForTests();
  const early = await startPeer(t);
  early.close();
  const flags = ['--allow-egress', early.address];
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  const { tasks } = under.connection;
  const topic = await kafka.createTopic({ prefix: 'remote' });
  const oip = { url: early.url, model: 'sums', bearerToken: token };
  const task = {
    spec: {
      source: { topic },
      sink: { topic: `${topic}-out`, fields: { sum: 'sum' } },
      predictor: { kind: { case: 'oip' as const, value: oip } },
      batch: { maxRecords: 50 },
    },
  };
  const { spec } = await tasks.createTask({ parent: 'users/admin', taskId: 'remote', task });
  const kind = spec?.predictor?.kind;
  assert.equal(kind?.case === 'oip' && kind.value.bearerToken, '***');
  await kafka.produceRecords(topic, recordsOf(0, 300));
  await tasks.startTask({ name });
  const condition = async () => {
    const { status } = await tasks.getTask({ name });
    const loaded = status?.conditions.find(({ type }) => type === 'ModelLoaded');
    return loaded?.reason === 'PREDICTOR_UNREACHABLE' && status;
  };
  const waiting = await eventually(condition, { deadlineMs: 60_000, what: 'the cause' });
  assert.equal(waiting.state, State.STARTING);
  const peer = await startPeer(t, { port: early.port });
  await under.reach('remote', [State.RUNNING], 60_000);
  await eventually(() => peer.bodies.length > 0, { deadlineMs: 60_000, what: 'a call' });
  peer.close();
  await kafka.produceRecords(topic, recordsOf(300, 600));
  const degraded = await under.reach('remote', [State.DEGRADED], 60_000);
  assert.equal(degraded.status?.reason, 'PREDICTOR_UNREACHABLE');
  assert.match(degraded.status?.message ?? '', /127\.0\.0\.1/);
  assert.doesNotMatch(degraded.status?.message ?? '', /503/);
  const busy = await startPeer(t, { port: early.port, infer: () => [503, {}] });
  const busySays = async () => {
    const { status: now } = await tasks.getTask({ name });
    return now?.reason === 'PREDICTOR_UNREACHABLE' && /503/.test(now.message) && now;
  };
  const what = 'the cause of today';
  const still = await eventually(busySays, { deadlineMs: 60_000, what });
  assert.deepEqual(still.stateTime, degraded.status?.stateTime);
  busy.close();
  const back = await startPeer(t, { port: early.port });
  const written = await kafka.readCommitted(`${topic}-out`, { until: 600, deadlineMs: 90_000 });
  assert.deepEqual(
    written.map(({ key, value }) => [key, value]),
    Array.from({ length: 600 }, (_, id) => [String(id), `{"sum":${id + 1}}`]),
  );
  assert.deepEqual(
    [...peer.authorizations, ...back.authorizations],
    [`Bearer ${token}`, `Bearer ${token}`],
  );
  const { status } = await under.reach('remote', [State.RUNNING], 60_000);
  assert.equal(status?.restartCount, 0);
  await tasks.stopTask({ name });
  await assertNowhere(under.service.data, token);
});

/** Not in the database, not in a log. */
async function assertNowhere(folder: string, secret: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    assert.ok(!(await readFile(path)).includes(secret), `${path} holds a secret`);
  }
}
