import { createHash } from 'node:crypto';
import { type Counters, noCounters } from '../domain/execution.js';
import type { KafkaCluster } from '../kafka/cluster.js';
import { fetchCommittedOffsets } from '../kafka/committed-offsets.js';
import { namingTopics } from '../kafka/kafka-error.js';
import { PartitionProducer, type SinkBatches } from '../kafka/partition-producer.js';
import { topicOffsets } from '../kafka/topic-offsets.js';
import type { StartMessage } from './messages.js';
import { countersFrom, formatOffsetNote } from './offset-note.js';

/** Who owns a partition now, as its group knows it. */
export interface Owner {
  readonly generation: number;
  readonly memberId: string;
}

export interface OwnershipOptions {
  readonly cluster: KafkaCluster;
  readonly start: StartMessage;
  readonly partition: number;
  readonly owner: Owner;
  /** See Plan. */
  readonly partitionsAtStart: number;
}

/**
 * `transactional.id` of an input partition: the same in every runner of the task, so that a new owner fences the old one. Tasks
 * that share a group by its name, also those of other services, take partitions over from each other, and share it too.
 */
export function transactionalIdOf(start: StartMessage, partition: number): string {
  const { topic, consumerGroup } = start.spec.source;
  // The name of a group may hold anything, that of a topic no colon: no two pairs of them look the same.
  const reader = consumerGroup === '' ? `${start.taskUid}-` : `${consumerGroup}:`;
  const readable = `predictd-${reader}${topic}-${partition}`;
  if (readable.length <= transactionalIdCharsMax) return readable;
  const digest = createHash('sha256').update(`${reader}${topic}`).digest('hex').slice(0, 32);
  return `predictd-${digest}-${partition}`;
}

const transactionalIdCharsMax = 200;

/** What one partition was read up to, and the right to go on from there. */
export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #producer: PartitionProducer;
  /** Offset of the next record. */
  #offset: number;
  #counters: Counters;

  private constructor(
    options: OwnershipOptions,
    producer: PartitionProducer,
    from: { readonly offset: number; readonly counters: Counters },
  ) {
    this.#options = options;
    this.#producer = producer;
    this.#offset = from.offset;
    this.#counters = from.counters;
  }

  /**
   * Takes a partition over: first the producer, which fences the last owner and settles its open transaction, then the committed
   * offset, which nobody else can move any more. Where none is committed, the start is found and committed at once, so that
   * a crash does not find another one. A partition that was added since the task began is read from its first record.
   */
  static async take(options: OwnershipOptions): Promise<Ownership> {
    const { cluster, start, partition, partitionsAtStart } = options;
    const exactlyOnce = start.spec.guarantee === 'EXACTLY_ONCE';
    const { topic } = start.spec.source;
    const groupId = start.consumerGroup;
    const producer = await PartitionProducer.open({
      cluster,
      groupId,
      ...(exactlyOnce ? { transactionalId: transactionalIdOf(start, partition) } : {}),
    });
    const query = { groupId, topic, partitions: [partition] };
    const committed = await fetchCommittedOffsets(producer.groupCoordinator, query);
    const found = committed.get(partition);
    if (found) {
      const counters = countersFrom(found.metadata, start);
      return new Ownership(options, producer, { offset: found.offset, counters });
    }
    const isLater = partition >= partitionsAtStart;
    const earliest = isLater || start.spec.source.startFrom === 'EARLIEST';
    const offset = await boundaryOffset(cluster, { topic, partition, earliest });
    const fresh = new Ownership(options, producer, { offset, counters: noCounters });
    await fresh.commit([], { nextOffset: offset, counters: noCounters });
    return fresh;
  }

  get offset(): number {
    return this.#offset;
  }

  get counters(): Counters {
    return this.#counters;
  }

  /** Writes the batches, the offset and the counters: all or nothing if exactly once is asked for, else in this order. */
  async commit(
    sends: readonly SinkBatches[],
    upTo: { readonly nextOffset: number; readonly counters: Counters },
  ): Promise<void> {
    const { start, owner } = this.#options;
    const offsets = this.#offsets(upTo);
    // Without records there is nothing to be atomic with, and the generation fences an offset by itself.
    try {
      if (start.spec.guarantee === 'EXACTLY_ONCE' && sends.length > 0) {
        await this.#producer.commit(sends, offsets);
      } else {
        await this.#producer.send(sends);
        await this.#producer.groupCoordinator.offsetCommit({
          groupId: start.consumerGroup,
          groupGenerationId: owner.generation,
          memberId: owner.memberId,
          topics: [offsets],
        });
      }
    } catch (error) {
      throw namingTopics(error, [...sends.map(({ topic }) => topic), offsets.topic]);
    }
    this.#offset = upTo.nextOffset;
    this.#counters = upTo.counters;
  }

  #offsets({ nextOffset, counters }: { nextOffset: number; counters: Counters }) {
    const { start, partition, partitionsAtStart } = this.#options;
    const metadata = formatOffsetNote({
      execution: start.executionNumber,
      task: start.taskUid,
      counters,
      partitions: partitionsAtStart,
    });
    const entry = { partition, offset: String(nextOffset), metadata };
    return { topic: start.spec.source.topic, partitions: [entry] };
  }
}

/** First or, for readers of committed records, last offset of a partition. */
export async function boundaryOffset(
  cluster: KafkaCluster,
  wanted: { readonly topic: string; readonly partition: number; readonly earliest: boolean },
): Promise<number> {
  const { topic, partition, earliest } = wanted;
  const query = { topic, partitions: [partition], at: earliest ? 'first' : 'end' } as const;
  const offset = (await topicOffsets(cluster, query)).get(partition);
  if (offset === undefined) throw new Error(`no offsets of ${topic}-${partition} were given`);
  return offset;
}
