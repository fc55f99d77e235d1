import {
  type FetchedPartitionData,
  fetchedBatch,
  type KafkaBroker,
  type KafkaCluster,
  type PartitionMetadata,
  READ_COMMITTED,
} from './cluster.js';
import { FetchedMessages } from './fetch-response.js';
import { kafkaErrorType, namingTopics } from './kafka-error.js';
import { plainRecord, type RecordList, type SourceRecord } from './source-record.js';

/** Records of one partition from one fetch. */
export interface FetchedChunk {
  /** In order; may be empty when the fetched batches hold nothing that a reader may see. */
  readonly records: RecordList;
  /** What the records take of memory, about. */
  readonly byteLength: number;
  /** Offset to go on from: behind the last batch, markers included. */
  readonly nextOffset: number;
  /** Offset behind the last record that readers of committed records may see. */
  readonly stableEnd: number;
  /** Lets the memory of the records be used again; none may be looked at afterwards. May be left out. */
  readonly release?: () => void;
}

/** Who receives the records of one partition. */
export interface FetchTarget {
  /** Offset to fetch next; read anew before each fetch. */
  readonly position: number;
  /** Whether it waits for its first answer, which is worth no long wait. */
  readonly isNew: boolean;
  /** Whether there is room for more. */
  wantsMore(): boolean;
  receive(chunk: FetchedChunk): void;
  /** The broker has no such offset any more. */
  outOfRange(): void;
}

export interface FetcherOptions {
  readonly cluster: KafkaCluster;
  readonly topic: string;
  /** How long the broker may wait for `minBytes` when all that is there was read. */
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly partitionBytes: number;
  /** Told after each answer of a broker. */
  readonly onAnswer: () => void;
}

/** While some partitions are full, the wait for others is cut short: the full ones will soon have room. */
const SHORT_WAIT_MS = 5;

/** Between two looks whether partitions without a leader have one. */
const LEADERLESS_MS = 250;

/** Fetches for all targets, with one request under way to each broker that leads some of them. */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #targets = new Map<number, FetchTarget>();
  readonly #loops = new Map<number, Promise<void>>();
  #wake: (() => void) | undefined;
  #fetches = 0;
  /** The newest metadata that was looked at. */
  #metadata: readonly PartitionMetadata[] = [];

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  add(partition: number, target: FetchTarget): void {
    this.#targets.set(partition, target);
    this.#wake?.();
  }

  clear(): void {
    this.#targets.clear();
  }

  /** Runs until `signal` is aborted, or rejects with what a new set of connections may mend. */
  async run(signal: AbortSignal): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      const stop = () => reject(signal.reason);
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    failed.catch(() => undefined);
    while (!signal.aborted) {
      for (const leader of this.#leaders()) this.#ensureLoop(leader, signal);
      const wake = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([...this.#loops.values(), wake, failed]);
    }
  }

  #ensureLoop(leader: number, signal: AbortSignal): void {
    if (this.#loops.has(leader)) return;
    const loop = this.#loop(leader, signal).finally(() => this.#loops.delete(leader));
    this.#loops.set(leader, loop);
  }

  /** Ends when it finds nothing to read from this broker. */
  async #loop(leader: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const all = this.#targetsOf(leader);
      if (all.length === 0) return;
      if (leader < 0) {
        await new Promise((resolve) => setTimeout(resolve, LEADERLESS_MS));
        await this.#options.cluster.refreshMetadata();
        continue;
      }
      const hungry = all.filter(([, target]) => target.wantsMore());
      if (hungry.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, SHORT_WAIT_MS));
        continue;
      }
      const hurry = hungry.length < all.length || hungry.some(([, target]) => target.isNew);
      await this.#fetch(leader, this.#inTurn(hungry), hurry);
    }
  }

  /**
   * Each partition comes first in turn: brokers fill an answer in the order of the question, and only what comes first is
   * given a batch that is larger than the limits.
   */
  #inTurn(targets: Targets): Targets {
    const first = this.#fetches++ % targets.length;
    return [...targets.slice(first), ...targets.slice(0, first)];
  }

  async #fetch(leader: number, targets: Targets, hurry: boolean): Promise<void> {
    const { cluster, topic, maxWaitMs, minBytes, maxBytes } = this.#options;
    const asked = new Map(targets.map(([partition, target]) => [partition, target.position]));
    const partitions = targets.map(([partition, { position }]) => ({
      partition,
      fetchOffset: String(position),
      maxBytes: this.#options.partitionBytes,
    }));
    try {
      await cluster.refreshMetadataIfNecessary();
      const broker: KafkaBroker = await cluster.findBroker({ nodeId: leader });
      const { responses } = await broker.fetch({
        replicaId: -1,
        isolationLevel: READ_COMMITTED,
        maxWaitTime: hurry ? Math.min(SHORT_WAIT_MS, maxWaitMs) : maxWaitMs,
        minBytes,
        maxBytes,
        topics: [{ topic, partitions }],
      });
      this.#options.onAnswer();
      for (const { partitions: answers } of responses) {
        for (const answer of answers) this.#deliver(answer, targets, asked);
      }
    } catch (error) {
      await this.#recover(error, targets);
    }
  }

  #deliver(data: FetchedPartitionData, targets: Targets, asked: ReadonlyMap<number, number>): void {
    const found = targets.find(([partition]) => partition === data.partition);
    const offset = asked.get(data.partition);
    if (!found || offset === undefined) return;
    const [partition, target] = found;
    // Between the question and the answer the partition may have gone, or begun anew elsewhere.
    if (this.#targets.get(partition) !== target || target.position !== offset) return;
    target.receive(chunkOf(this.#options.topic, offset, data));
  }

  async #recover(error: unknown, targets: Targets): Promise<void> {
    const type = kafkaErrorType(error);
    if (type === 'OFFSET_OUT_OF_RANGE') {
      const partition = (error as { readonly partition?: number }).partition;
      targets.find(([own]) => own === partition)?.[1].outOfRange();
      return;
    }
    if (!leaderMoved.has(type)) throw namingTopics(error, [this.#options.topic]);
    await this.#options.cluster.refreshMetadata();
    await new Promise((resolve) => setTimeout(resolve, SHORT_WAIT_MS));
    this.#wake?.();
  }

  #leaders(): Set<number> {
    this.#metadata = this.#options.cluster.findTopicPartitionMetadata(this.#options.topic);
    return new Set(
      this.#metadata
        .filter(({ partitionId }) => this.#targets.has(partitionId))
        .map(({ leader }) => leader),
    );
  }

  #targetsOf(leader: number): Targets {
    const metadata = this.#options.cluster.findTopicPartitionMetadata(this.#options.topic);
    // What moved to a broker that is not asked yet, nobody else would miss.
    if (metadata !== this.#metadata) this.#wake?.();
    return metadata.flatMap(({ partitionId, leader: own }) => {
      const target = this.#targets.get(partitionId);
      return own === leader && target ? [[partitionId, target] as const] : [];
    });
  }
}

type Targets = readonly (readonly [number, FetchTarget])[];

const leaderMoved = new Set([
  'KafkaJSBrokerNotFound',
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'REPLICA_NOT_AVAILABLE',
  'OFFSET_NOT_AVAILABLE',
]);

/** The records of one partition's part of an answer to a fetch from `offset`. */
export function chunkOf(topic: string, offset: number, data: FetchedPartitionData): FetchedChunk {
  const stableEnd = Number(data.lastStableOffset);
  const { messages } = data;
  if (messages instanceof FetchedMessages) {
    const { records, nextOffset, release } = messages;
    return { records, byteLength: records.byteLength, nextOffset, stableEnd, release };
  }
  const batch = fetchedBatch(topic, String(offset), data);
  if (batch.rawMessages.length === 0) {
    return { records: [], byteLength: 0, nextOffset: offset, stableEnd };
  }
  const records = batch.messages.map(plainRecord);
  const nextOffset = Math.max(offset, Number(batch.lastOffset()) + 1);
  return { records, byteLength: bytesOf(records), nextOffset, stableEnd };
}

/** What a record costs beside its value. */
const RECORD_BYTES = 64;

function bytesOf(records: readonly SourceRecord[]): number {
  return records.reduce((sum, record) => sum + RECORD_BYTES + record.bytes.length, 0);
}
