import { type BatchHeader, FetchedRecord } from './fetched-record.js';
import { type Cursor, MalformedRecordError, readVarint, skipVarlong } from './varint.js';

/** A record has a length, attributes, time, offset, key, value and headers, of a byte each at least. */
const RECORD_BYTES_LEAST = 7;

/** The records of one batch, found but not taken apart. */
export interface FoundRecords {
  readonly header: BatchHeader;
  /** The batch's records, inflated. */
  readonly bytes: Buffer;
  /** Where each of them begins. */
  readonly starts: Int32Array;
}

/**
 * Finds where the records of a batch begin; those whose offset is less than `skipBelow` above the batch's first are left out. Throws
 * MalformedRecordError unless they fill the bytes.
 */
export function findRecords(header: BatchHeader, bytes: Buffer, skipBelow: number): FoundRecords {
  const count = Math.max(0, header.recordCount);
  // What a batch says of itself must not make room for more than it can hold.
  const starts = new Int32Array(Math.min(count, Math.ceil(bytes.length / RECORD_BYTES_LEAST)));
  const cursor = { bytes, position: 0 };
  let found = 0;
  for (let i = 0; i < count; i++) {
    const start = cursor.position;
    const size = readVarint(cursor);
    const end = cursor.position + size;
    if (size < 0 || end > bytes.length) throw new MalformedRecordError('a record is cut off');
    if (skipBelow === 0 || offsetDelta(cursor) >= skipBelow) starts[found++] = start;
    cursor.position = end;
  }
  if (cursor.position !== bytes.length) {
    throw new MalformedRecordError('bytes follow its last record');
  }
  return { header, bytes, starts: starts.subarray(0, found) };
}

function offsetDelta(cursor: Cursor): number {
  cursor.position++;
  skipVarlong(cursor);
  return readVarint(cursor);
}

/**
 * Records of a fetch in order, each taken apart when it is asked for: a fetch brings many thousands, and as objects they would
 * outlive several rounds of the garbage collector before their turn comes.
 */
export class FetchedRecords {
  readonly length: number;
  /** Bytes of all records. */
  readonly byteLength: number;
  readonly #batches: readonly FoundRecords[];
  readonly #damaged: (header: BatchHeader, error: unknown) => unknown;

  /** `damaged` gives what is thrown when a record of a batch cannot be taken apart. */
  constructor(
    batches: readonly FoundRecords[],
    damaged: (header: BatchHeader, error: unknown) => unknown,
  ) {
    this.#batches = batches;
    this.#damaged = damaged;
    this.length = batches.reduce((sum, { starts }) => sum + starts.length, 0);
    this.byteLength = batches.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  at(index: number): FetchedRecord | undefined {
    return index < 0 ? undefined : this.slice(index, index + 1)[0];
  }

  slice(from = 0, to = this.length): FetchedRecord[] {
    const records: FetchedRecord[] = [];
    let first = 0;
    for (const batch of this.#batches) {
      if (first >= to) break;
      const end = first + batch.starts.length;
      if (end > from) this.#take(batch, { from: from - first, to: to - first }, records);
      first = end;
    }
    return records;
  }

  #take(
    { header, bytes, starts }: FoundRecords,
    range: { readonly from: number; readonly to: number },
    records: FetchedRecord[],
  ): void {
    const cursor = { bytes, position: 0 };
    const to = Math.min(range.to, starts.length);
    try {
      for (let i = Math.max(0, range.from); i < to; i++) {
        cursor.position = starts[i] as number;
        records.push(new FetchedRecord(header, cursor));
      }
    } catch (error) {
      throw this.#damaged(header, error);
    }
  }
}
