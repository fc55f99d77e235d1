import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import type { TaskStatus } from '../../../gen/ts/predictd/v1/task_pb.js';
import { takeMissingLeaders } from '../../../src/kafka/missing-leaders.js';
import { eventually } from '../../support/eventually.js';
import { type TestKafka, testKafka } from '../../support/kafka.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { describe, done, Stream } from '../stream.js';
import { withAdmin } from '../with-admin.js';

/** Longer than a stalled runner is left alone, and than a new one waits for its brokers. */
const longOutageMs = 100_000;
const recoveryMsMax = 20_000;

/** Fault 8. */
export const brokerRestarted: FaultCase = {
  fault: 8,
  name: 'broker restarted (clean, SIGKILL)',
  holds: 'DEGRADED, then RUNNING again with no operator and no restart of the runner',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 4 });
    lab.after(() => bringBack(kafka.broker));
    stream.feed();
    await stream.recovers();
    const recoveryMs: number[] = [];
    const signals = ['SIGTERM', 'SIGKILL', 'SIGKILL'] as const;
    for (const signal of signals) {
      await kafka.broker.kill(signal);
      const sick = await stream.until('DEGRADED', ({ state }) => state === State.DEGRADED);
      assert.equal(sick.reason, 'KAFKA_UNREACHABLE', describe(sick));
      await kafka.broker.restart();
      recoveryMs.push(await stream.recovers());
    }
    assert.equal((await stream.status()).restartCount, 0);
    assert.ok(Math.max(...recoveryMs) < recoveryMsMax, `recovery took ${recoveryMs}`);
    return { injected: signals.length, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 9, shortened from ten minutes. */
export const brokerAway: FaultCase = {
  fault: 9,
  name: 'broker away for 100 s, no restart allowed',
  holds: 'pure connectivity uses up no restart budget, and the task resumes',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const spec = { restart: { maxRestarts: 0 } };
    const stream = await Stream.open(lab, { kafka, spec, records: 5_000 });
    lab.after(() => bringBack(kafka.broker));
    stream.feed();
    await stream.recovers();
    await kafka.broker.kill();
    const until = performance.now() + longOutageMs;
    while (performance.now() < until) {
      const status = await stream.status();
      assert.notEqual(status.state, State.FAILED, describe(status));
      await delay(500);
    }
    lab.note(describe(await stream.status()));
    await kafka.broker.restart();
    const recoveryMs = [await stream.recovers()];
    return { injected: 1, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 17. */
export const coordinatorMissing: FaultCase = {
  fault: 17,
  name: 'started before the broker, no __consumer_offsets yet',
  holds: 'the task waits and says why, and runs when the cluster is there',
  async run(lab: Lab): Promise<Figures> {
    const own = await lab.ownKafka({});

    const kafka = testKafka(own.bootstrapServers);
    const stream = await Stream.open(lab, { kafka, start: false, records: 1_000 });
    await own.kill();
    await stream.start();
    const waiting = await stream.until('a reason', ({ conditions }) => {
      return conditions.some(({ reason }) => reason === 'KAFKA_UNREACHABLE');
    });
    assert.notEqual(waiting.state, State.RUNNING, describe(waiting));
    await delay(5_000);
    await own.restart();
    const backAt = performance.now();
    await stream.running();
    const recoveryMs = [performance.now() - backAt];
    return { injected: 1, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 10. */
export const brokersLost: FaultCase = {
  fault: 10,
  name: 'one, then two of three brokers lost',
  holds: 'with one lost it goes on; with two lost it says so and loses nothing',
  async run(lab: Lab): Promise<Figures> {
    const own = await lab.ownKafka({ brokers: 3, heapMaxMib: 384 });

    const kafka = testKafka(own.bootstrapServers);
    const stream = await Stream.open(lab, { kafka, partitions: 3 });
    stream.feed();
    await stream.recovers();
    const recoveryMs: number[] = [];
    for (const index of [0, 1, 2]) {
      await own.kill('SIGKILL', index);
      recoveryMs.push(await stream.recovers());
      await own.restart(index);
      recoveryMs.push(await stream.recovers());
    }
    await own.kill('SIGKILL', 0);
    await own.kill('SIGKILL', 1);
    const sick = await stream.until('DEGRADED', ({ state }) => state === State.DEGRADED);
    lab.note(describe(sick));
    await Promise.all([own.restart(0), own.restart(1)]);
    recoveryMs.push(await stream.recovers());
    return { injected: 5, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 10 again. */
export const leaderLost: FaultCase = {
  fault: 10,
  name: 'a partition whose only replica is on a broker that is lost',
  holds:
    'it waits and the task says so; the other partitions go on, also after a restart of the task',
  async run(lab: Lab): Promise<Figures> {
    const own = await lab.ownKafka({
      brokers: 3,
      heapMaxMib: 384,
      properties: { 'default.replication.factor': '1', 'min.insync.replicas': '1' },
    });
    const kafka = testKafka(own.bootstrapServers);
    const stream = await Stream.open(lab, { kafka, partitions: 3, records: 300 });
    await stream.caughtUp();
    const { lost, free } = await placesOf(kafka, stream);
    await own.kill('SIGKILL', lost - 1);
    const told = await stream.until('who waits', ({ conditions }) =>
      conditions.some(({ message }) => message.startsWith('No broker leads')),
    );
    lab.note(describe(told));
    const before = await stream.status();
    await goesOn(kafka, stream, { partition: free, before });
    const { tasks } = stream.connection;
    await tasks.stopTask({ name: stream.name });
    await stream.start();
    await goesOn(kafka, stream, { partition: free, before: await stream.status() });
    await own.restart(lost - 1);
    const backAt = performance.now();
    await stream.running();
    const recoveryMs = [performance.now() - backAt];
    assert.equal((await stream.status()).restartCount, 0);
    await stream.produce(300);
    return { injected: 1, ...(await stream.account({ inOrder: false })), recoveryMs };
  },
};

/** The broker of one partition of the source, and a partition that lies elsewhere, with the one that its predictions go to. */
async function placesOf(kafka: TestKafka, { source, sink }: Stream) {
  const leaders = await withAdmin(kafka, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [source, sink] });
    return [source, sink].map((topic) => {
      const found = topics.find(({ name }) => name === topic)?.partitions ?? [];
      return new Map(found.map(({ partitionId, leader }) => [partitionId, leader]));
    });
  });
  const lost = leaders[0]?.get(0) ?? 0;
  const free = [1, 2].find((partition) => leaders.every((of) => of.get(partition) !== lost));
  assert.ok(free !== undefined, 'no two partitions lie on one broker');
  return { lost, free };
}

async function goesOn(
  kafka: TestKafka,
  stream: Stream,
  { partition, before }: { readonly partition: number; readonly before: TaskStatus },
): Promise<void> {
  // Else the client that feeds takes no part of the metadata.
  takeMissingLeaders();
  const value = '{"features":[5.1,3.5,1.4,0.2]}';
  const records = [{ key: `${partition}-${done(before)}`, value, partition }];
  await eventually(() => kafka.produceRecords(stream.source, records).then(() => true), {
    deadlineMs: 30_000,
    what: 'the other partition can be written',
  });
  const offsetIn = ({ partitions }: TaskStatus) =>
    partitions.find((it) => it.partition === partition)?.offset ?? 0n;
  await stream.until('the other partition goes on', (now) => offsetIn(now) > offsetIn(before));
}

async function bringBack(broker: { pidOf(): number; restart(): Promise<void> }): Promise<void> {
  try {
    broker.pidOf();
  } catch {
    await broker.restart();
  }
}
