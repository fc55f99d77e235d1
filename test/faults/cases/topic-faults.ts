import assert from 'node:assert/strict';
import type { Admin } from 'kafkajs';
import { eventually } from '../../support/eventually.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { describe, Stream } from '../stream.js';
import { withAdmin } from '../with-admin.js';

/** New partitions are seen with the next reading of the metadata. */
const partitionsSeenMs = 90_000;

/** Fault 18. */
export const topicDeleted: FaultCase = {
  fault: 18,
  name: 'source topic deleted, and made anew',
  holds: 'the reason is that there is no topic; when it is there again, it is read',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, records: 1_000 });
    await stream.caughtUp();
    await withAdmin(kafka, (admin) => admin.deleteTopics({ topics: [stream.source] }));
    const status = await stream.until(
      'a reason',
      ({ reason, conditions }) =>
        reason === 'TOPIC_NOT_FOUND' ||
        conditions.some((condition) => condition.reason === 'TOPIC_NOT_FOUND'),
    );
    lab.note(describe(status));
    await withAdmin(kafka, (admin) => createLike(admin, stream));
    const startedAt = performance.now();
    await stream.running();
    const recoveryMs = [performance.now() - startedAt];
    await stream.produce(1_000);
    const found = await kafka.readCommitted(stream.sink, { until: 2_000 });
    const keys = new Set(found.map(({ key }) => key));
    const doubled = found.length - keys.size;
    return {
      injected: 1,
      recordsIn: 2_000,
      recordsOut: found.length,
      lost: 2_000 - keys.size,
      doubled,
      recoveryMs,
    };
  },
};

async function createLike(admin: Admin, { source }: Stream): Promise<void> {
  await eventually(() => admin.createTopics({ topics: [{ topic: source, numPartitions: 2 }] }), {
    deadlineMs: 10_000,
    what: 'the topic can be made anew',
  });
}

/** Fault 18 again. */
export const partitionsAdded: FaultCase = {
  fault: 18,
  name: 'partitions added to the source',
  holds: 'they are read without a restart by hand',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 2 });
    stream.feed();
    await stream.recovers();
    await withAdmin(kafka, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: stream.source, count: 5 }] }),
    );
    const addedAt = performance.now();
    await eventually(
      () =>
        kafka
          .produceRecords(
            stream.source,
            [2, 3, 4].map((partition) => ({ key: `-${partition}`, value: row, partition })),
          )
          .then(() => true),
      { deadlineMs: 10_000, what: 'the new partitions can be written' },
    );
    await stream.until(
      'all partitions',
      ({ partitions }) => partitions.filter(({ offset }) => offset > 0n).length === 5,
      partitionsSeenMs,
    );
    const recoveryMs = [performance.now() - addedAt];
    return { injected: 1, ...(await stream.account({ inOrder: false })), recoveryMs };
  },
};

const row = '{"features":[5.1,3.5,1.4,0.2]}';

/** Fault 19. */
export const offsetsLost: FaultCase = {
  fault: 19,
  name: 'retention removed what was not read yet',
  holds: 'an event says so, and it goes on with the first record that is there',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1, records: 500 });
    await stream.caughtUp();
    const { tasks } = stream.connection;
    await tasks.stopTask({ name: stream.name });
    await stream.produce(1_000);
    await withAdmin(kafka, async (admin) => {
      // Reads the metadata that the next call needs and does not ask for.
      await admin.fetchTopicOffsets(stream.source);
      const partitions = [{ partition: 0, offset: '1200' }];
      await admin.deleteTopicRecords({ topic: stream.source, partitions });
    });
    await stream.start();
    const startedAt = performance.now();
    const found = await kafka.readCommitted(stream.sink, { until: 800 });
    const recoveryMs = [performance.now() - startedAt];
    const { events } = await tasks.listEvents({ parent: stream.name, pageSize: 1_000 });
    const [event] = events.filter(({ reason }) => reason === 'OFFSETS_LOST');
    assert.match(event?.message ?? '', /500.*1200/);
    assert.equal((await stream.running()).restartCount, 0);
    const keys = new Set(found.map(({ key }) => Number(key)));
    const expected = [...range(0, 500), ...range(1_200, 1_500)];
    const lost = expected.filter((id) => !keys.has(id)).length;
    const doubled = found.length - keys.size;
    return { injected: 1, recordsIn: 800, recordsOut: found.length, lost, doubled, recoveryMs };
  },
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
