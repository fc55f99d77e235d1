import {
  CoordinatorType,
  type KafkaBroker,
  type KafkaCluster,
  type OffsetTopic,
} from './cluster.js';
import type { EncodedBatch } from './encoded-batch.js';
import { kafkaErrorType } from './kafka-error.js';
import { missingLeader } from './missing-leaders.js';
import { messagesFor } from './produce-messages.js';

/** Encoded batches for one partition of one topic, in order. */
export interface SinkBatches {
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly EncodedBatch[];
}

export interface PartitionProducerOptions {
  readonly cluster: KafkaCluster;
  /** Absent: idempotent, but not transactional. */
  readonly transactionalId?: string;
  readonly groupId: string;
}

/**
 * A transaction is begun when its records are ready, so that it is open for milliseconds. One whose process
 * died is settled by its successor at once; this only bounds how long readers wait when nobody succeeds.
 */
const TRANSACTION_TIMEOUT_MS = 30_000;
const PRODUCE_TIMEOUT_MS = 20_000;
const ALL_REPLICAS = -1;
/** The markers of the transaction before, which the broker writes after its answer, take a few milliseconds. */
const CONCURRENT_RETRY_MS = 3;
const CONCURRENT_RETRY_MS_MAX = 40;
const CONCURRENT_DEADLINE_MS = 30_000;

/**
 * Writes what came of one input partition. With a transactional id, opening it fences whoever wrote for that partition before and
 * settles what they left open. After any error it must not be used again: open a new one, which settles the doubt.
 */
export class PartitionProducer {
  readonly #options: PartitionProducerOptions;
  readonly #identity: { readonly producerId: string; readonly producerEpoch: number };
  readonly #transactions: KafkaBroker | undefined;
  readonly #group: KafkaBroker;
  readonly #sequences = new Map<string, number>();

  private constructor(
    options: PartitionProducerOptions,
    identity: { producerId: string; producerEpoch: number },
    brokers: { transactions: KafkaBroker | undefined; group: KafkaBroker },
  ) {
    this.#options = options;
    this.#identity = identity;
    this.#transactions = brokers.transactions;
    this.#group = brokers.group;
  }

  static async open(options: PartitionProducerOptions): Promise<PartitionProducer> {
    const { cluster, transactionalId, groupId } = options;
    const group = await cluster.findGroupCoordinator({ groupId });
    const transactions =
      transactionalId === undefined
        ? undefined
        : await cluster.findGroupCoordinator({
            groupId: transactionalId,
            coordinatorType: CoordinatorType.TRANSACTION,
          });
    const broker = transactions ?? (await cluster.findControllerBroker());
    const identity = await whileConcurrent(() =>
      broker.initProducerId({
        ...(transactionalId === undefined ? {} : { transactionalId }),
        transactionTimeout: TRANSACTION_TIMEOUT_MS,
      }),
    );
    return new PartitionProducer(options, identity, { transactions, group });
  }

  /** The coordinator of the group, as it was when this was opened. */
  get groupCoordinator(): KafkaBroker {
    return this.#group;
  }

  /** Writes all of it and the offset, or nothing. The batches must stay as they are until this settles. */
  async commit(sends: readonly SinkBatches[], offsets: OffsetTopic): Promise<void> {
    const { transactionalId, groupId } = this.#options;
    const coordinator = this.#transactions;
    if (transactionalId === undefined || coordinator === undefined) {
      throw new Error('a producer without transactional id cannot commit');
    }
    // What goes to a partition without a leader could not be settled, and would hold up this producer's successors.
    if (this.#byLeader(sends).has(-1)) throw missingLeader();
    const facts = { transactionalId, ...this.#identity };
    const topics = partitionsByTopic(sends);
    // Both go to the coordinator on one connection, which answers in order: no need to wait in between.
    await Promise.all([
      topics.length === 0
        ? undefined
        : whileConcurrent(() => coordinator.addPartitionsToTxn({ ...facts, topics })),
      whileConcurrent(() => coordinator.addOffsetsToTxn({ ...facts, groupId })),
    ]);
    await Promise.all([
      this.send(sends),
      this.#group.txnOffsetCommit({ ...facts, groupId, topics: [offsets] }),
    ]);
    await coordinator.endTxn({ ...facts, transactionResult: true });
  }

  /** Writes the batches, each partition's in order. */
  async send(sends: readonly SinkBatches[]): Promise<void> {
    const rounds = Math.max(0, ...sends.map(({ batches }) => batches.length));
    for (let round = 0; round < rounds; round++) {
      const entries = sends.flatMap(({ topic, partition, batches }) => {
        const batch = batches[round];
        return batch === undefined ? [] : [{ topic, partition, batch }];
      });
      const requests = [...this.#byLeader(entries)].map(async ([leader, own]) => {
        const broker = await this.#options.cluster.findBroker({ nodeId: leader });
        await this.#produce(broker, own);
      });
      await Promise.all(requests);
    }
  }

  #byLeader<Entry extends { readonly topic: string; readonly partition: number }>(
    entries: readonly Entry[],
  ): Map<number, Entry[]> {
    const { cluster } = this.#options;
    const byLeader = new Map<number, Entry[]>();
    for (const entry of entries) {
      const metadata = cluster.findTopicPartitionMetadata(entry.topic);
      const found = metadata.find(({ partitionId }) => partitionId === entry.partition);
      const leader = found?.leader ?? -1;
      const list = byLeader.get(leader);
      if (list) list.push(entry);
      else byLeader.set(leader, [entry]);
    }
    return byLeader;
  }

  async #produce(broker: KafkaBroker, entries: readonly ProduceEntry[]): Promise<void> {
    const { transactionalId } = this.#options;
    const topicData = entries.map(({ topic, partition, batch }) => ({
      topic,
      partitions: [
        {
          partition,
          firstSequence: this.#nextSequence(topic, partition, batch.length),
          messages: messagesFor(batch),
        },
      ],
    }));
    await broker.produce({
      ...(transactionalId === undefined ? {} : { transactionalId }),
      ...this.#identity,
      acks: ALL_REPLICAS,
      timeout: PRODUCE_TIMEOUT_MS,
      compression: 0,
      topicData,
    });
  }

  /** Sequence numbers are 32 bits and go on at 0. */
  #nextSequence(topic: string, partition: number, records: number): number {
    const key = `${topic} ${partition}`;
    const first = this.#sequences.get(key) ?? 0;
    this.#sequences.set(key, (first + records) % 2 ** 31);
    return first;
  }
}

interface ProduceEntry {
  readonly topic: string;
  readonly partition: number;
  readonly batch: EncodedBatch;
}

function partitionsByTopic(sends: readonly SinkBatches[]) {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of sends) {
    topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

async function whileConcurrent<T>(request: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + CONCURRENT_DEADLINE_MS;
  for (let delayMs = CONCURRENT_RETRY_MS; ; ) {
    try {
      return await request();
    } catch (error) {
      const retriable = startingUp.has(kafkaErrorType(error));
      if (!retriable || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      delayMs = Math.min(2 * delayMs, CONCURRENT_RETRY_MS_MAX);
    }
  }
}

const startingUp = new Set([
  'CONCURRENT_TRANSACTIONS',
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
]);
