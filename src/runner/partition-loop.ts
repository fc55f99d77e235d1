import { addCounters } from '../domain/execution.js';
import type { KafkaCluster } from '../kafka/cluster.js';
import type { Fetcher } from '../kafka/fetcher.js';
import { kafkaErrorType } from '../kafka/kafka-error.js';
import type { BatchPreparer } from './batch-preparer.js';
import { BatchWait } from './batch-wait.js';
import { RunnerError } from './failure.js';
import type { StartMessage } from './messages.js';
import { boundaryOffset, type Owner, Ownership } from './ownership.js';
import { PartitionBuffer, type Taken } from './partition-buffer.js';
import { BatchBuffers, type PreparedBatch } from './prepared-batch.js';
import type { PartitionState } from './thread-messages.js';

/** A micro-batch that was written. */
export interface Committed {
  readonly batch: PreparedBatch;
  /** Milliseconds since it was taken, and of writing it. */
  readonly batchMs: number;
  readonly commitMs: number;
}

/** What the loops of a thread share. */
export interface LoopContext {
  readonly start: StartMessage;
  readonly cluster: KafkaCluster;
  readonly fetcher: Fetcher;
  readonly preparer: BatchPreparer;
  /** Room for fetched records of one partition. */
  readonly bufferBytes: number;
  /** Bounded executions: where each partition ends. */
  readonly endOffsets?: ReadonlyMap<number, number>;
  /** See Plan. */
  readonly partitionsAtStart: number;
  readonly onCommit: (committed: Committed) => void;
  readonly onLog: (severity: 'INFO' | 'WARNING', reason: string, message: string) => void;
  /** A broker does not take a batch as it is, and says so with this error. Throws if another plan may do. */
  readonly onRefused: (type: string) => void;
  /** The group changed, and this member has not heard of it yet. */
  readonly onStale: () => void;
}

/** Taking a partition over again after an error is normal; without progress in between it is not. */
const RETAKES_MAX = 5;
const RETAKE_DELAY_MS = 100;

/** Reads one partition while it is this thread's: takes it over, then micro-batch after micro-batch. */
export class PartitionLoop {
  readonly #context: LoopContext;
  readonly #partition: number;
  readonly #owner: Owner;
  readonly #spare = [new BatchBuffers(), new BatchBuffers()];
  #ownership: Ownership | undefined;
  #buffer: PartitionBuffer | undefined;
  #endOffset: number | undefined;
  /** Micro-batches taken and not committed: the time of the first record of each. */
  #inFlight: number[] = [];
  /** Time of the newest record taken. */
  #takenAt = -1;
  #answered = false;
  #progressAt = performance.now();
  readonly #wait: BatchWait;
  #retakes = 0;

  constructor(context: LoopContext, partition: number, owner: Owner) {
    this.#context = context;
    this.#partition = partition;
    this.#owner = owner;
    // A partition that came after a bounded execution began is not part of it.
    this.#endOffset = context.endOffsets && (context.endOffsets.get(partition) ?? 0);
    this.#wait = new BatchWait(context.start.spec.batch.maxWaitMs);
  }

  /** Whether the first fetch was answered, or there is nothing to fetch. */
  get answered(): boolean {
    return this.#answered || this.#buffer?.reachedEnd === true;
  }

  /** Undefined until the partition was taken over. */
  get state(): PartitionState | undefined {
    const ownership = this.#ownership;
    const buffer = this.#buffer;
    if (!ownership || !buffer) return undefined;
    const idle = this.#inFlight.length === 0 && buffer.waiting === 0;
    if (idle && (buffer.caughtUp || buffer.reachedEnd)) this.#progressAt = performance.now();
    // Markers and aborted records behind the last record need no commit; at the end of a bounded run they get one.
    const offset = idle && !buffer.reachedEnd ? buffer.position : ownership.offset;
    // Records that are not fetched yet are about as old as the last one that was.
    const oldestAt = this.#inFlight[0] ?? buffer.oldestAt ?? this.#takenAt;
    return {
      partition: this.#partition,
      offset,
      endOffset: Math.max(offset, this.#endOffset ?? buffer.stableEnd ?? 0),
      ...(oldestAt < 0 ? {} : { oldestAt }),
      counters: ownership.counters,
      progressAgeMs: Math.round(performance.now() - this.#progressAt),
    };
  }

  /**
   * Runs until `signal` is aborted, and finishes the commit under way; stays after the end of a bounded execution. Rejects
   * with what taking the partition over again did not mend.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#own();
        if (signal.aborted) return;
        await this.#work(signal);
        if (signal.aborted) return;
      } catch (error) {
        if (signal.aborted) return;
        await this.#afterError(error, signal);
      }
    }
  }

  async #own(): Promise<void> {
    const { cluster, start, fetcher, bufferBytes, partitionsAtStart } = this.#context;
    const [partition, owner] = [this.#partition, this.#owner];
    const ownership = await Ownership.take({ cluster, start, partition, owner, partitionsAtStart });
    const endOffset = this.#endOffset;
    const buffer = new PartitionBuffer({
      offset: ownership.offset,
      maxBytes: bufferBytes,
      ...(endOffset === undefined ? {} : { endOffset }),
      onAnswer: () => {
        this.#answered = true;
      },
    });
    this.#ownership = ownership;
    this.#buffer = buffer;
    fetcher.add(partition, buffer);
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { preparer } = this.#context;
    const { buffer, ownership } = this.#owned();
    let committing: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        const { maxRecords } = preparer;
        const taken = await buffer.take({ maxRecords, maxWaitMs: this.#wait.ms }, signal);
        if (!taken) break;
        this.#inFlight.push(taken.records[0]?.timestampMs ?? this.#takenAt);
        this.#takenAt = taken.records.at(-1)?.timestampMs ?? this.#takenAt;
        // The next batch is predicted while the one before it is being committed.
        const prepared = await this.#prepare(taken, signal);
        await committing;
        if (!prepared || signal.aborted) {
          prepared?.span?.fail();
          return;
        }
        committing = this.#commit(prepared, ownership);
        committing.catch(() => undefined);
        if (buffer.waiting === 0) await committing;
      }
      await committing;
    } finally {
      // A batch half written must be settled before anybody else may own the partition.
      await committing.catch(() => undefined);
      this.#inFlight = [];
    }
    if (!signal.aborted) await this.#idle(buffer, ownership, signal);
  }

  #owned(): { buffer: PartitionBuffer; ownership: Ownership } {
    const buffer = this.#buffer;
    const ownership = this.#ownership;
    if (!buffer || !ownership) throw new Error('the partition is not owned');
    return { buffer, ownership };
  }

  async #prepare(taken: Taken, signal: AbortSignal): Promise<PreparedBatch | undefined> {
    this.#spare.reverse();
    const [buffers = new BatchBuffers()] = this.#spare;
    const into = { partition: this.#partition, buffers };
    const prepared = await this.#context.preparer.prepare(taken, into, signal);
    // All that is written was copied. Given up half-way, a model may still read.
    if (prepared) taken.release();
    return prepared;
  }

  async #commit(prepared: PreparedBatch, ownership: Ownership): Promise<void> {
    const counters = addCounters(ownership.counters, prepared.counters);
    const startedAt = performance.now();
    try {
      await ownership.commit(prepared.sends, { nextOffset: prepared.nextOffset, counters });
    } catch (error) {
      prepared.span?.fail();
      throw error;
    }
    prepared.span?.end();
    const now = performance.now();
    this.#progressAt = now;
    this.#retakes = 0;
    this.#inFlight.shift();
    const batchMs = now - prepared.startedAt;
    this.#wait.took(batchMs);
    this.#context.onCommit({ batch: prepared, batchMs, commitMs: now - startedAt });
  }

  /** All is done, or the offsets are gone. */
  async #idle(buffer: PartitionBuffer, ownership: Ownership, signal: AbortSignal): Promise<void> {
    if (!buffer.reachedEnd) {
      await this.#reposition(ownership);
      return;
    }
    if (ownership.offset < buffer.position) {
      const { counters } = ownership;
      await ownership.commit([], { nextOffset: buffer.position, counters });
    }
    await aborted(signal);
  }

  /** Go on with the first record that is there: what is doubled by it can be told apart, what is left out is lost. */
  async #reposition(ownership: Ownership): Promise<void> {
    const { cluster, start, onLog } = this.#context;
    const { topic } = start.spec.source;
    const place = { topic, partition: this.#partition };
    const first = await boundaryOffset(cluster, { ...place, earliest: true });
    const last = await boundaryOffset(cluster, { ...place, earliest: false });
    const found = offsetsLost(`${topic}-${this.#partition}`, {
      from: ownership.offset,
      first,
      last,
    });
    onLog('WARNING', 'OFFSETS_LOST', found);
    if (this.#endOffset !== undefined) this.#endOffset = Math.min(this.#endOffset, last);
    await ownership.commit([], { nextOffset: first, counters: ownership.counters });
  }

  async #afterError(error: unknown, signal: AbortSignal): Promise<void> {
    const type = kafkaErrorType(error);
    if (stale.has(type)) {
      this.#context.onStale();
      await aborted(signal);
      return;
    }
    this.#context.onRefused(type);
    if (error instanceof RunnerError || !retakable.has(type)) throw error;
    // The other partitions go on without one that has no leader, here or where its predictions go.
    if (type === 'LEADER_NOT_AVAILABLE') this.#retakes = Math.min(this.#retakes, RETAKES_MAX - 1);
    if (++this.#retakes > RETAKES_MAX) throw error;
    await this.#context.cluster.refreshMetadata();
    await new Promise((resolve) => setTimeout(resolve, RETAKE_DELAY_MS * this.#retakes));
  }
}

/** Retention removed what was not read yet; or the topic was made anew, or lost its newest records with a broker. */
function offsetsLost(
  place: string,
  { from, first, last }: { readonly from: number; readonly first: number; readonly last: number },
): string {
  if (from <= last) {
    return `${place} has no offset ${from} any more: what was before ${first} is gone and was not read; going on there.`;
  }
  return (
    `${place} was read up to offset ${from} and ends at ${last} now: it was made anew, or its newest records were lost. ` +
    `It is read from its first record (${first}) again, and what was predicted of it before comes twice.`
  );
}

/** The group has gone on without this member. */
const stale = new Set([
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'REBALANCE_IN_PROGRESS',
  'FENCED_MEMBER_EPOCH',
  'STALE_MEMBER_EPOCH',
]);

/** Errors of a producer or coordinator after which the same connections serve a new producer. */
const retakable = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'TRANSACTION_ABORTABLE',
  'TRANSACTIONAL_ID_NOT_FOUND',
  'INVALID_PRODUCER_ID_MAPPING',
  'INVALID_TXN_STATE',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'DUPLICATE_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'TRANSACTION_COORDINATOR_FENCED',
  'CONCURRENT_TRANSACTIONS',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
]);

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
