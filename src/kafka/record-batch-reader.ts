import { type BatchPlace, CorruptRecordBatchError, DecompressionError } from './codec-errors.js';
import { decompress, MAX_INFLATED_BATCH_BYTES } from './compression.js';
import { crc32c } from './crc32c.js';
import { BatchHeader, FetchedRecord } from './fetched-record.js';
import { FetchedRecords, type FoundRecords, findRecords } from './fetched-records.js';
import { BatchAttribute, BatchField, LENGTH_FIELD_END, MAGIC_V2 } from './record-batch-layout.js';
import { type Cursor, MalformedRecordError } from './varint.js';

/**
 * An entry of a fetch response's list of aborted transactions: hide this producer's records from
 * that offset on.
 */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** One partition's part of a fetch response, and what was asked for. */
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  /** The offset asked for: the broker answers with whole batches, which may begin before it. */
  readonly fetchOffset: bigint;
  /** Empty when reading uncommitted. */
  readonly abortedTransactions: readonly AbortedTransaction[];
  /** Record batches one after another; the last one may be cut off. */
  readonly recordSet: Buffer;
  /** Largest inflated size of one batch in bytes. */
  readonly maxInflatedBytes?: number;
}

/** What fetched batches hold, and which offsets they span, whether their records are visible or not. */
export interface ScannedRecords {
  /** The records to hand on, each of which is taken apart when it is asked for. */
  readonly records: FetchedRecords;
  /** Complete batches read. */
  readonly batchCount: number;
  /**
   * Last offset of the last complete batch, which a consumer may go behind; undefined without a
   * complete batch.
   */
  readonly lastOffset: bigint | undefined;
  /** Whether one of the batches held transaction markers. */
  readonly sawControlBatch: boolean;
}

/**
 * True when the bytes begin with a batch of the current format, false for the message sets of Kafka
 * before 0.11.
 */
export function isRecordBatch(recordSet: Buffer): boolean {
  return recordSet.length > BatchField.MAGIC && recordSet[BatchField.MAGIC] === MAGIC_V2;
}

/**
 * Scans fetched record batches: checks each batch's CRC, leaves out control batches and the records
 * of aborted transactions (all of them, also when several transactions were open at once), and
 * records before the offset asked for. A batch that nobody will see is neither inflated nor taken
 * apart.
 *
 * @throws CorruptRecordBatchError with topic, partition and offset when a batch is damaged or
 * inflates over the limit, and when a record is asked for that cannot be taken apart.
 */
export function scanRecordBatches(fetched: FetchedPartition): ScannedRecords {
  const { recordSet } = fetched;
  const aborted = new AbortedProducers(fetched.abortedTransactions);
  const found: FoundRecords[] = [];
  let batchCount = 0;
  let lastOffset: bigint | undefined;
  let sawControlBatch = false;
  let position = 0;
  for (;;) {
    const end = endOfBatch(recordSet, position);
    if (end === undefined) break;
    const batch = recordSet.subarray(position, end);
    const header = checkedHeader(batch, fetched);
    if (header === undefined) break;
    const hidden = aborted.hides(header, batch, fetched);
    if (!hidden && header.lastOffset >= fetched.fetchOffset) {
      found.push(recordsOf({ header, batch, fetched }));
    }
    sawControlBatch ||= header.isControl;
    lastOffset = header.lastOffset;
    batchCount++;
    position = end;
  }
  const records = new FetchedRecords(found, (header, error) => placed(error, header, fetched));
  return { records, batchCount, lastOffset, sawControlBatch };
}

function endOfBatch(recordSet: Buffer, start: number): number | undefined {
  if (start + BatchField.RECORDS > recordSet.length) return undefined;
  const end = start + LENGTH_FIELD_END + recordSet.readInt32BE(start + BatchField.LENGTH);
  return end <= recordSet.length ? Math.max(end, start) : undefined;
}

/** Undefined when an older message set follows, which the next fetch will begin with. */
function checkedHeader(batch: Buffer, fetched: FetchedPartition): BatchHeader | undefined {
  if (batch.length < BatchField.RECORDS) {
    const offset = batch.length < 8 ? fetched.fetchOffset : batch.readBigInt64BE(0);
    throw new CorruptRecordBatchError(placeOf(fetched, offset), 'its length is too small');
  }
  if (batch[BatchField.MAGIC] !== MAGIC_V2) return undefined;
  const header = new BatchHeader(batch);
  const expected = batch.readUInt32BE(BatchField.CRC);
  const actual = crc32c(batch.subarray(BatchField.ATTRIBUTES));
  if (actual !== expected) {
    throw new CorruptRecordBatchError(
      placeOf(fetched, header.baseOffset),
      `its CRC is ${hex(actual)}, but it says ${hex(expected)}`,
    );
  }
  return header;
}

interface BatchToRead {
  readonly header: BatchHeader;
  readonly batch: Buffer;
  readonly fetched: FetchedPartition;
}

function recordsOf(read: BatchToRead): FoundRecords {
  const { header, fetched } = read;
  const skipBelow =
    header.baseOffset < fetched.fetchOffset ? Number(fetched.fetchOffset - header.baseOffset) : 0;
  return withPlace(read, () => findRecords(header, inflatedRecords(read), skipBelow));
}

function withPlace<T>({ header, fetched }: BatchToRead, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw placed(error, header, fetched);
  }
}

/** What is wrong with a batch, with its place. */
function placed(error: unknown, header: BatchHeader, fetched: FetchedPartition): unknown {
  if (!(error instanceof MalformedRecordError || error instanceof DecompressionError)) return error;
  return new CorruptRecordBatchError(placeOf(fetched, header.baseOffset), error.message);
}

function inflatedRecords({ header, batch, fetched }: BatchToRead): Buffer {
  const codec = header.attributes & BatchAttribute.COMPRESSION;
  const stored = batch.subarray(BatchField.RECORDS);
  return decompress(codec, stored, fetched.maxInflatedBytes ?? MAX_INFLATED_BATCH_BYTES);
}

/** Which producers have an aborted transaction open at the batch being read. */
class AbortedProducers {
  readonly #waiting: { producerId: bigint; firstOffset: bigint }[];
  readonly #open = new Set<bigint>();

  constructor(transactions: readonly AbortedTransaction[]) {
    // The broker lists transactions in the order they ended: one that began earlier may come later.
    this.#waiting = transactions
      .map(({ producerId, firstOffset }) => ({
        producerId: BigInt(producerId),
        firstOffset: BigInt(firstOffset),
      }))
      .sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  }

  hides(header: BatchHeader, batch: Buffer, fetched: FetchedPartition): boolean {
    this.#openUpTo(header.lastOffset);
    if (header.isControl) {
      if (isAbortMarker({ header, batch, fetched })) this.#open.delete(header.producerId);
      return true;
    }
    return header.isTransactional && this.#open.has(header.producerId);
  }

  #openUpTo(offset: bigint): void {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || next.firstOffset > offset) return;
      this.#open.add(next.producerId);
      this.#waiting.shift();
    }
  }
}

/** A control batch holds one record, whose key is version and type: 0 is abort, 1 is commit. */
function isAbortMarker(read: BatchToRead): boolean {
  return withPlace(read, () => {
    const cursor: Cursor & { bytes: Buffer } = { bytes: inflatedRecords(read), position: 0 };
    if (read.header.recordCount === 0) return false;
    const { key } = new FetchedRecord(read.header, cursor);
    return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
  });
}

function placeOf(fetched: FetchedPartition, offset: bigint): BatchPlace {
  return { topic: fetched.topic, partition: fetched.partition, offset: String(offset) };
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
