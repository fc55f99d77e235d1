import type { FetchedRecord } from './fetched-record.js';
import type { FetchedRecords } from './fetched-records.js';
import { frameMemory } from './frame-memory.js';
import {
  type AbortedTransaction,
  isRecordBatch,
  type ScannedRecords,
  scanRecordBatches,
} from './record-batch-reader.js';

/** What the decoder needs to know about the request that is answered. */
export interface FetchResponseContext {
  /** Version of the Fetch API, 4 to 11. */
  readonly version: number;
  /** The offset asked for. */
  readonly fetchOffsetOf: (topic: string, partition: number) => bigint;
  /**
   * Decoder for the message sets of Kafka before 0.11, given the bytes with their length before
   * them.
   */
  readonly decodeMessageSet: (sized: Buffer) => Promise<unknown>;
  readonly maxInflatedBytes?: number;
}

/**
 * Decodes a fetch response into the object kafkajs's own decoder gives, but for the messages of
 * current partitions, which are lazy, checked and already filtered. Decoding the whole response in
 * place of single batches is what lets an error name the topic and partition.
 */
export async function decodeFetchResponse(
  rawData: Buffer,
  context: FetchResponseContext,
): Promise<object> {
  const reader = new ResponseReader(rawData);
  const frame = new SharedFrame(rawData);
  const throttleTime = reader.int32();
  const session =
    context.version >= 7 ? { errorCode: reader.int16(), sessionId: reader.int32() } : {};
  const responses = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const topicName = reader.string();
    const partitions = [];
    for (let count = reader.int32(); count > 0; count--) {
      partitions.push(await decodePartition(reader, topicName, { ...context, frame }));
    }
    responses.push({ topicName, partitions });
  }
  // From version 8 on the broker has not waited: the client has to, which kafkajs looks up
  // under another name.
  const throttle =
    context.version >= 8
      ? { throttleTime: 0, clientSideThrottleTime: throttleTime }
      : { throttleTime };
  return { ...throttle, ...session, responses };
}

async function decodePartition(
  reader: ResponseReader,
  topic: string,
  context: FetchResponseContext & { readonly frame: SharedFrame },
): Promise<object> {
  const partition = reader.int32();
  const head = {
    partition,
    errorCode: reader.int16(),
    highWatermark: String(reader.int64()),
    lastStableOffset: String(reader.int64()),
    ...(context.version >= 5 ? { lastStartOffset: String(reader.int64()) } : {}),
  };
  const abortedTransactions = readAborted(reader);
  const replica = context.version >= 11 ? { preferredReadReplica: reader.int32() } : {};
  const sized = reader.sizedBytes();
  const release = context.frame.share();
  const recordSet = sized.subarray(4);
  if (recordSet.length > 0 && !isRecordBatch(recordSet)) {
    // Nobody says when these are done with, and so the frame is never given back.
    const messages = await context.decodeMessageSet(sized);
    return { ...head, abortedTransactions, ...replica, messages };
  }
  const fetchOffset = context.fetchOffsetOf(topic, partition);
  const limit =
    context.maxInflatedBytes === undefined ? {} : { maxInflatedBytes: context.maxInflatedBytes };
  const fetched = { topic, partition, fetchOffset, abortedTransactions, recordSet, ...limit };
  const messages = new FetchedMessages(fetchOffset, scanRecordBatches(fetched), release);
  // The list is given as empty: its records are out already, and kafkajs would look at each
  // record again.
  return { ...head, abortedTransactions: [], ...replica, messages };
}

function readAborted(reader: ResponseReader): AbortedTransaction[] {
  const aborted: AbortedTransaction[] = [];
  for (let count = reader.int32(); count > 0; count--) {
    aborted.push({ producerId: String(reader.int64()), firstOffset: String(reader.int64()) });
  }
  return aborted;
}

/**
 * Stands where kafkajs's consumer expects the array of all fetched messages. Its batch filters that
 * array by offset first and by visibility then; as both are done, each filter answers at once. In
 * between it asks for the length and the first and last offset, which here span whole batches, so
 * that a consumer also goes past batches that compaction emptied.
 */
export class FetchedMessages {
  readonly length: number;
  /** To be called when no record will be looked at again. Need not be. */
  readonly release: () => void;
  readonly #fetchOffset: bigint;
  readonly #read: ScannedRecords;

  constructor(fetchOffset: bigint, read: ScannedRecords, release: () => void = () => undefined) {
    this.#fetchOffset = fetchOffset;
    this.#read = read;
    this.release = release;
    this.length = read.batchCount;
  }

  /** All records that a reader may see. */
  get records(): FetchedRecords {
    return this.#read.records;
  }

  /** Offset behind the last batch; the one asked for if no batch reaches it. */
  get nextOffset(): number {
    const { lastOffset } = this.#read;
    const reaches = lastOffset !== undefined && lastOffset >= this.#fetchOffset;
    return Number(reaches ? lastOffset + 1n : this.#fetchOffset);
  }

  filter(): OffsetSpan {
    return new OffsetSpan(this.#fetchOffset, this.#read);
  }
}

/** The memory of one response, which the records of its partitions share. */
class SharedFrame {
  readonly #bytes: Buffer;
  #shares = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** One more who reads it; answers what is called when they have done. */
  share(): () => void {
    this.#shares++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#shares--;
      if (this.#shares === 0) frameMemory.giveBack(this.#bytes);
    };
  }
}

interface OffsetMark {
  readonly offset: string;
  readonly isControlRecord: boolean;
}

class OffsetSpan {
  readonly length: number;
  readonly 0?: OffsetMark;
  readonly 1?: OffsetMark;
  readonly #records: FetchedRecords;

  constructor(fetchOffset: bigint, read: ScannedRecords) {
    this.#records = read.records;
    const within = read.lastOffset !== undefined && read.lastOffset >= fetchOffset;
    this.length = within ? 2 : 0;
    if (!within) return;
    const first = read.records.at(0)?.offset ?? String(fetchOffset);
    this[0] = { offset: first, isControlRecord: read.sawControlBatch };
    this[1] = { offset: String(read.lastOffset), isControlRecord: read.sawControlBatch };
  }

  filter(): FetchedRecord[] {
    return this.#records.slice();
  }

  some(predicate: (mark: OffsetMark) => boolean): boolean {
    return this[0] !== undefined && predicate(this[0]);
  }
}

class ResponseReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8));
  }

  string(): string {
    const length = this.int16();
    const start = this.#advance(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  /** Bytes with their length before them; the length alone when they are null. */
  sizedBytes(): Buffer {
    const start = this.#position;
    const length = Math.max(0, this.int32());
    this.#advance(length);
    return this.#bytes.subarray(start, start + 4 + length);
  }

  #advance(count: number): number {
    const start = this.#position;
    this.#position += count;
    return start;
  }
}
