import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import type { TaskSpec } from '../domain/task.js';
import type { KafkaCluster } from '../kafka/cluster.js';
import { kafkaErrorType, namingTopics } from '../kafka/kafka-error.js';
import { DEFAULT_MAX_BATCH_BYTES } from '../kafka/record-batch-writer.js';
import { topicOffsets } from '../kafka/topic-offsets.js';
import { RunnerError } from './failure.js';
import type { StartMessage } from './messages.js';
import type { Plan, TopicPlan } from './thread-messages.js';
import { limitSettings, limitsOf } from './topic-limits.js';

/** A dead letter is larger than the record that it carries by its headers. */
const DEAD_LETTER_EXTRA_BYTES = 64 * 1024;
const SOURCE_ATTEMPTS = 6;
const SOURCE_RETRY_MS = 250;
/** A created topic is known to all brokers within a moment. */
const CREATED_POLL_MS = 50;
const CREATED_POLLS_MAX = 100;

/**
 * Looks at the topics of a task, makes those that it writes to if they are missing, with as many partitions as the source, and fixes
 * where a bounded execution ends. RunnerError TOPIC_NOT_FOUND if there is no source.
 */
export async function planTopics(
  kafka: Kafka,
  cluster: KafkaCluster,
  start: StartMessage,
): Promise<Omit<Plan, 'partitionsAtStart'>> {
  const { source, sink, onBadRecord, deadLetterTopic, until } = start.spec;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const partitions = await sourcePartitions(admin, source.topic);
    const topics = new SinkTopics(admin, partitions);
    const bytes = maxBatchBytesOf(await settingsOf(admin, source.topic));
    const [sinkPlan, deadLetter, endOffsets] = await Promise.all([
      topics.ensure(sink.topic),
      onBadRecord === 'DEAD_LETTER'
        ? topics.ensure(deadLetterTopic || `${sink.topic}.dead-letter`, bytes)
        : undefined,
      until === 'END' ? endsOf(cluster, start, partitions) : undefined,
    ]);
    return {
      sourcePartitions: partitions,
      sink: sinkPlan,
      ...(deadLetter ? { deadLetter } : {}),
      ...(endOffsets ? { endOffsets } : {}),
    };
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** The topic that predictions go to, made if it is missing, with as many partitions as the source where that is there. */
export async function planSink(
  kafka: Kafka,
  { source, sink }: Pick<TaskSpec, 'source' | 'sink'>,
): Promise<TopicPlan> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const partitions = (await partitionsOf(admin, source.topic))?.length ?? 1;
    return await new SinkTopics(admin, partitions).ensure(sink.topic);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** A broker that just started may not know its topics yet, so that one answer is not enough to give up. */
async function sourcePartitions(admin: Admin, topic: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const partitions = await partitionsOf(admin, topic);
    if (partitions !== undefined) return partitions.length;
    if (attempt === SOURCE_ATTEMPTS) {
      throw new RunnerError('TOPIC_NOT_FOUND', `There is no topic ${topic}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, SOURCE_RETRY_MS));
  }
}

class SinkTopics {
  readonly #admin: Admin;
  readonly #partitions: number;

  constructor(admin: Admin, partitions: number) {
    this.#admin = admin;
    this.#partitions = partitions;
  }

  /** `recordBytes`: what one batch must hold at least, if the topic is made here. */
  async ensure(topic: string, recordBytes?: number): Promise<TopicPlan> {
    const found = await partitionsOf(this.#admin, topic);
    const partitions = found?.length ?? (await this.#create(topic, recordBytes));
    const settings = await settingsOf(this.#admin, topic);
    const maxBatchBytes = maxBatchBytesOf(settings);
    return { topic, partitions, maxBatchBytes, limits: limitsOf(settings) };
  }

  async #create(topic: string, recordBytes: number | undefined): Promise<number> {
    const bytes = recordBytes === undefined ? undefined : recordBytes + DEAD_LETTER_EXTRA_BYTES;
    const configEntries =
      bytes === undefined ? [] : [{ name: 'max.message.bytes', value: String(bytes) }];
    try {
      await this.#admin.createTopics({
        topics: [{ topic, numPartitions: this.#partitions, configEntries }],
        waitForLeaders: false,
      });
    } catch (error) {
      if (kafkaErrorType(firstOf(error)) !== 'TOPIC_ALREADY_EXISTS')
        throw namingTopics(firstOf(error), [topic]);
    }
    for (let poll = 0; poll < CREATED_POLLS_MAX; poll++) {
      const partitions = await partitionsOf(this.#admin, topic);
      if (partitions?.every(({ leader }) => leader >= 0)) return partitions.length;
      await new Promise((resolve) => setTimeout(resolve, CREATED_POLL_MS));
    }
    throw new RunnerError(
      'TOPIC_NOT_FOUND',
      `The topic ${topic} was made but is not there.`,
      false,
    );
  }
}

/** kafkajs collects the errors of several topics. */
function firstOf(error: unknown): unknown {
  const errors = (error as { readonly errors?: readonly unknown[] }).errors;
  return errors?.[0] ?? error;
}

/** Of those some may have no leader at the moment. Undefined if there is no topic. */
async function partitionsOf(
  admin: Admin,
  topic: string,
): Promise<readonly { readonly leader: number }[] | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics.find(({ name }) => name === topic)?.partitions ?? [];
    return partitions.length > 0 ? partitions : undefined;
  } catch (error) {
    const type = kafkaErrorType(error);
    if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || type === 'LEADER_NOT_AVAILABLE') return undefined;
    throw namingTopics(error, [topic]);
  }
}

/** Settings of a topic. Needs a right that a task may not have: nothing is known then, and a broker that refuses a batch corrects that. */
async function settingsOf(admin: Admin, topic: string): Promise<ReadonlyMap<string, string>> {
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configNames: ['max.message.bytes', ...limitSettings],
        },
      ],
    });
    const entries = resources[0]?.configEntries ?? [];
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch {
    return new Map();
  }
}

/** The broker's default unless it is known. */
function maxBatchBytesOf(settings: ReadonlyMap<string, string>): number {
  const value = Number(settings.get('max.message.bytes'));
  return Number.isSafeInteger(value) && value > 0 ? value : DEFAULT_MAX_BATCH_BYTES;
}

/** Where it was first seen to end; now, for partitions that no runner before this one came to report. */
async function endsOf(
  cluster: KafkaCluster,
  start: StartMessage,
  partitions: number,
): Promise<ReadonlyMap<number, number>> {
  const known = Object.entries(start.endOffsets ?? {}).map(
    ([partition, offset]) => [Number(partition), offset] as const,
  );
  // Partitions that are gone have nothing left to read.
  const ends = new Map(known.filter(([partition]) => partition < partitions));
  const unknown = Array.from({ length: partitions }, (_, partition) => partition).filter(
    (partition) => !ends.has(partition),
  );
  if (unknown.length === 0) return ends;
  const { topic } = start.spec.source;
  await cluster.addMultipleTargetTopics([topic]);
  return new Map([
    ...ends,
    ...(await topicOffsets(cluster, { topic, partitions: unknown, at: 'end' })),
  ]);
}
