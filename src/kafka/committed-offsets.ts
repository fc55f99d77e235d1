import type { KafkaBroker } from './cluster.js';
import { kafkaErrorType } from './kafka-error.js';
import { protocolError } from './protocol-errors.js';

/** What a group has committed for a partition. */
export interface CommittedOffset {
  /** Offset of the next record. */
  readonly offset: number;
  /** The text that was committed with it; empty if there was none. */
  readonly metadata: string;
}

/** Asks for the offsets of a group. */
export interface OffsetQuery {
  readonly groupId: string;
  readonly topic: string;
  readonly partitions: readonly number[];
  /** False: answer at once, although a transaction may be about to change it. */
  readonly stable?: false;
}

/** OffsetFetch, in the first version that can refuse to answer while a transaction on the offset is open. */
const API_KEY = 9;
const API_VERSION = 7;
/** Transactions that were fenced are settled within a few of these. */
const RETRY_MS = 10;
const RETRIES_MAX = 1_000;

/**
 * Reads committed offsets and waits for transactions on them to settle, which kafkajs's own request cannot: an older answer would
 * be an offset whose records were already written. Partitions without one are absent. The signal ends the waiting.
 */
export async function fetchCommittedOffsets(
  coordinator: KafkaBroker,
  query: OffsetQuery,
  signal?: AbortSignal,
): Promise<Map<number, CommittedOffset>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchOnce(coordinator, query);
    } catch (error) {
      const isUnsettled = kafkaErrorType(error) === 'UNSTABLE_OFFSET_COMMIT';
      if (!isUnsettled || attempt === RETRIES_MAX || signal?.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function fetchOnce(coordinator: KafkaBroker, query: OffsetQuery) {
  const buffer = encodeQuery(query);
  const answer = await coordinator.connectionPool.send({
    request: {
      apiKey: API_KEY,
      apiVersion: API_VERSION,
      apiName: 'OffsetFetch',
      encode: async () => ({ buf: buffer, buffer }),
    },
    response: {
      decode: async (bytes: Buffer) => decodeAnswer(bytes),
      parse: async (decoded: unknown) => decoded,
    },
  });
  const { offsets, errorCode } = answer as Answer;
  if (errorCode !== 0) throw protocolError(errorCode);
  return offsets;
}

interface Answer {
  readonly offsets: Map<number, CommittedOffset>;
  readonly errorCode: number;
}

/** In this version strings and arrays have their length plus one in front, and each structure ends with its count of tags: none. */
function encodeQuery({ groupId, topic, partitions, stable }: OffsetQuery): Buffer {
  const numbers = Buffer.alloc(4 * partitions.length);
  for (const [index, partition] of partitions.entries()) numbers.writeInt32BE(partition, 4 * index);
  const noTags = Buffer.of(0);
  const requireStable = Buffer.of(stable === false ? 0 : 1);
  return Buffer.concat([
    noTags,
    compactString(groupId),
    unsignedVarint(2),
    compactString(topic),
    unsignedVarint(partitions.length + 1),
    numbers,
    noTags,
    requireStable,
    noTags,
  ]);
}

function compactString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([unsignedVarint(bytes.length + 1), bytes]);
}

function unsignedVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

function decodeAnswer(bytes: Buffer): Answer {
  const reader = new CompactReader(bytes);
  reader.tags();
  reader.skip(4);
  const offsets = new Map<number, CommittedOffset>();
  let firstError = 0;
  for (let topics = reader.length(); topics > 0; topics--) {
    reader.string();
    for (let count = reader.length(); count > 0; count--) {
      const partition = reader.int32();
      const offset = Number(reader.int64());
      reader.skip(4);
      const metadata = reader.string();
      const error = reader.int16();
      reader.tags();
      firstError ||= error;
      if (error === 0 && offset >= 0) offsets.set(partition, { offset, metadata });
    }
    reader.tags();
  }
  return { offsets, errorCode: reader.int16() || firstError };
}

class CompactReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#position += count;
  }

  int16(): number {
    this.skip(2);
    return this.#bytes.readInt16BE(this.#position - 2);
  }

  int32(): number {
    this.skip(4);
    return this.#bytes.readInt32BE(this.#position - 4);
  }

  int64(): bigint {
    this.skip(8);
    return this.#bytes.readBigInt64BE(this.#position - 8);
  }

  /** Of an array or string; 0 also for null. */
  length(): number {
    return Math.max(0, this.#varint() - 1);
  }

  string(): string {
    const length = this.length();
    this.skip(length);
    return this.#bytes.toString('utf8', this.#position - length, this.#position);
  }

  tags(): void {
    for (let count = this.#varint(); count > 0; count--) {
      this.#varint();
      this.skip(this.#varint());
    }
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#position++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }
}
