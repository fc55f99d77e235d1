import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { type IHeaders, Kafka, logLevel, type Message } from 'kafkajs';
import { type LocalKafka, startKafka } from '../../src/demo/local-kafka.js';
import { eventually } from './eventually.js';

const READ_DEADLINE_MS = 30_000;
const METADATA_DEADLINE_MS = 10_000;
/** Short, so that an empty topic is known to be read to its end soon. */
const FETCH_WAIT_MS = 100;

/** A cluster as tests talk to it. Every call opens its own connections and closes them. */
export interface TestKafka {
  /** Comma-separated, as the `bootstrap.servers` of other clients. */
  readonly bootstrapServers: string;
  /** The same addresses one by one. */
  readonly brokers: readonly string[];
  /** A silent client for what the calls below do not cover; closing what it opens is yours. */
  client(): Kafka;
  /** Creates a topic under a fresh name and returns the name. */
  createTopic(options?: NewTopic): Promise<string>;
  /** Writes records and returns when the broker has them; of big inputs, give slices. */
  produceRecords(topic: string, records: readonly Message[]): Promise<void>;
  /**
   * Everything in a topic under `read_committed`, up to its end as it is then, once it is at
   * least `until` records; open transactions are waited for. Within a partition by offset.
   */
  readCommitted(topic: string, options?: ReadOptions): Promise<ReadRecord[]>;
}

/** How to make a topic. */
export interface NewTopic {
  /** Begins the name. Default `test`. */
  readonly prefix?: string;
  /** Default 1. */
  readonly partitions?: number;
  /** Topic settings such as `max.message.bytes`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** When a read is complete. */
export interface ReadOptions {
  /** At least this many records. Default 0: what is there. */
  readonly until?: number;
  /** Default 30 s; then the read fails and says how many it saw. */
  readonly deadlineMs?: number;
}

/** One record as it was read. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string | null;
  /** `null` for a tombstone. */
  readonly value: string | null;
  /** The value as it is. */
  readonly bytes: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

let own: Promise<LocalKafka> | undefined;
// A script without tests would become one by this; what it starts ends with its process.
if (process.env.NODE_TEST_CONTEXT !== undefined) {
  after(async () => {
    await (await own)?.stop();
  });
}

/**
 * The broker that all test files of a run share: the one in `PREDICTD_TEST_BROKERS`, or, for a
 * file that is run by hand, one that is started on the first call and stopped after the tests.
 */
export async function kafkaForTests(): Promise<TestKafka> {
  const shared = process.env.PREDICTD_TEST_BROKERS;
  if (shared !== undefined && shared !== '') {
    return testKafka(shared);
  }
  own ??= startKafka();
  return testKafka((await own).bootstrapServers);
}

/** The same calls on a cluster that the test itself has started. */
export function testKafka(bootstrapServers: string): TestKafka {
  const brokers = bootstrapServers.split(',');
  const client = () =>
    new Kafka({ clientId: 'predictd-test', brokers, logLevel: logLevel.NOTHING });
  return {
    bootstrapServers,
    brokers,
    client,
    createTopic: (options = {}) => createTopic(client(), options),
    produceRecords: (topic, records) => produceRecords(client(), topic, records),
    readCommitted: (topic, options = {}) => readCommitted(client(), topic, options),
  };
}

/** A name that no other test uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}

async function createTopic(kafka: Kafka, options: NewTopic): Promise<string> {
  const topic = uniqueName(options.prefix ?? 'test');
  const numPartitions = options.partitions ?? 1;
  const configEntries = Object.entries(options.settings ?? {}).map(([name, value]) => ({
    name,
    value,
  }));
  const admin = kafka.admin();
  await admin.connect();
  try {
    // The client's own wait fails on a busy broker that does not know its new topic yet; the one below goes on.
    const topics = [{ topic, numPartitions, configEntries }];
    await admin.createTopics({ topics, waitForLeaders: false });
    await eventually(
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const partitions = topics[0]?.partitions ?? [];
        return partitions.length === numPartitions && partitions.every(({ leader }) => leader >= 0);
      },
      { deadlineMs: METADATA_DEADLINE_MS, what: `a leader for each partition of ${topic}` },
    );
  } finally {
    await admin.disconnect();
  }
  return topic;
}

async function produceRecords(
  kafka: Kafka,
  topic: string,
  records: readonly Message[],
): Promise<void> {
  // When one partition has no leader yet kafkajs sends all of them again: only brokers can tell that the others have them.
  const producer = await eventually(
    async () => {
      const made = kafka.producer({ allowAutoTopicCreation: false, idempotent: true });
      // Its id comes from the controller, which may have gone a moment ago.
      await made.connect();
      return made;
    },
    { deadlineMs: READ_DEADLINE_MS, what: 'a producer connects' },
  );
  try {
    await producer.send({ topic, messages: [...records] });
  } finally {
    await producer.disconnect();
  }
}

async function readCommitted(
  kafka: Kafka,
  topic: string,
  options: ReadOptions,
): Promise<ReadRecord[]> {
  const { until = 0, deadlineMs = READ_DEADLINE_MS } = options;
  const records: ReadRecord[] = [];
  const positions = new Map<number, bigint>();
  const newest = new Map<number, bigint>();
  const consumer = kafka.consumer({
    groupId: uniqueName('reader'),
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
  });
  // Also said of batches that hold only markers or aborted records, which no handler sees.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    positions.set(payload.partition, BigInt(payload.lastOffset) + 1n);
  });
  const admin = kafka.admin();
  await Promise.all([consumer.connect(), admin.connect()]);
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const offset = BigInt(message.offset);
        // A group that had to be joined again begins anew.
        if (offset <= (newest.get(partition) ?? -1n)) return;
        newest.set(partition, offset);
        records.push({
          partition,
          offset,
          key: message.key?.toString() ?? null,
          value: message.value?.toString() ?? null,
          bytes: message.value,
          headers: headersToText(message.headers),
          timestamp: Number(message.timestamp),
        });
      },
    });
    await eventually(
      async () => {
        const ends = await admin.fetchTopicOffsets(topic);
        const behind = ends.some(
          ({ partition, high, low }) => (positions.get(partition) ?? BigInt(low)) < BigInt(high),
        );
        assertCount(records.length, until);
        return !behind;
      },
      { deadlineMs, what: `reading ${topic} to its end` },
    );
  } finally {
    await Promise.all([consumer.disconnect(), admin.disconnect()]);
  }
  return records;
}

function assertCount(seen: number, until: number): void {
  if (seen < until) {
    throw new Error(`${seen} of ${until} records were there`);
  }
}

function headersToText(headers: IHeaders | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
}
