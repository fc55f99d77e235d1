import { randomBytes } from 'node:crypto';
import { type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import { createEgressPolicy } from '../../../src/domain/egress.js';
import { clientSettings } from '../../../src/kafka/client.js';
import { createCluster, type KafkaCluster } from '../../../src/kafka/cluster.js';
import { createSocketFactory } from '../../../src/kafka/egress.js';
import {
  PartitionProducer,
  type PartitionProducerOptions,
} from '../../../src/kafka/partition-producer.js';
import { RecordBatchWriter } from '../../../src/kafka/record-batch-writer.js';
import { recordSource } from '../../../src/kafka/record-source.js';
import { eventually } from '../../support/eventually.js';
import type { ValueFor } from './workloads.js';

/** As many as the busiest partition of a broker with two cores keeps going. */
export const PARTITIONS = 4;
/** About what a busy producer sends at once. */
const BATCH_BYTES = 512 * 1024;
/** Loading takes no more memory than this many records of the largest workload. */
const ROUND_RECORDS = 2_000;
const COORDINATOR_DEADLINE_MS = 30_000;
const TOPIC_DEADLINE_MS = 30_000;

/** Topics of a benchmark, on one broker. */
export class BenchTopics {
  readonly #brokers: string;
  readonly #kafka: Kafka;

  constructor(brokers: string) {
    this.#brokers = brokers;
    this.#kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  }

  /** Makes a topic and returns its name. */
  async create(prefix: string, partitions = PARTITIONS): Promise<string> {
    const topic = `${prefix}-${randomBytes(4).toString('hex')}`;
    const config: ITopicConfig = { topic, numPartitions: partitions };
    await this.#admin(async (admin) => {
      await admin.createTopics({ topics: [config], waitForLeaders: false });
      await eventually(() => admin.fetchTopicOffsets(topic), {
        deadlineMs: TOPIC_DEADLINE_MS,
        what: `leaders for ${topic}`,
      });
    });
    return topic;
  }

  async delete(...topics: string[]): Promise<void> {
    await this.#admin((admin) => admin.deleteTopics({ topics }));
  }

  /** Writes `count` records to all partitions in turn, their number as key. */
  async load(topic: string, valueFor: ValueFor, count: number): Promise<void> {
    await using writer = await BenchWriter.open(this.#brokers, topic);
    for (let from = 0; from < count; from += ROUND_RECORDS) {
      const to = Math.min(count, from + ROUND_RECORDS);
      for (let id = from; id < to; id++) writer.append(id, valueFor(id));
      await writer.send();
    }
  }

  async #admin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

/** Writes records to all partitions of one topic in turn. Dispose it to end its connections. */
export class BenchWriter implements AsyncDisposable {
  readonly #cluster: KafkaCluster;
  readonly #topic: string;
  readonly #producer: PartitionProducer;
  readonly #writers: readonly RecordBatchWriter[];

  private constructor(cluster: KafkaCluster, topic: string, producer: PartitionProducer) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.#producer = producer;
    this.#writers = cluster
      .findTopicPartitionMetadata(topic)
      .map(() => new RecordBatchWriter({ maxBatchBytes: BATCH_BYTES }));
  }

  static async open(brokers: string, topic: string): Promise<BenchWriter> {
    const cluster = await connectedTo(brokers, topic);
    const producer = await openedProducer({ cluster, groupId: 'bench' });
    return new BenchWriter(cluster, topic, producer);
  }

  append(id: number, value: Buffer): void {
    const source = recordSource({ key: String(id), timestampMs: Date.now() });
    this.#writers[id % this.#writers.length]?.append(source, value);
  }

  /** Sends what was appended. */
  async send(): Promise<void> {
    const sends = this.#writers.map((writer, partition) => ({
      topic: this.#topic,
      partition,
      batches: writer.finish(),
    }));
    await this.#producer.send(sends);
    for (const writer of this.#writers) writer.reset();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cluster.disconnect();
  }
}

/** Connections to the broker, which know the topic. The caller disconnects them before the topic goes. */
export async function connectedTo(brokers: string, topic: string): Promise<KafkaCluster> {
  const bootstrapServers = brokers.split(',');
  const cluster = createCluster(
    clientSettings({
      source: { options: {} },
      bootstrapServers,
      clientId: 'bench',
      socketFactory: createSocketFactory(createEgressPolicy(bootstrapServers, [])),
    }),
  );
  await cluster.connect();
  await cluster.addMultipleTargetTopics([topic]);
  return cluster;
}

/** A producer; on a new broker the topics that its coordinators need are only made for it. */
export async function openedProducer(
  options: PartitionProducerOptions,
): Promise<PartitionProducer> {
  return await eventually(() => PartitionProducer.open(options), {
    deadlineMs: COORDINATOR_DEADLINE_MS,
    what: 'a coordinator of the new broker',
  });
}
