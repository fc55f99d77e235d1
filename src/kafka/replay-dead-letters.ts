import type { DeadLetterPlace, Replayed } from '../domain/dead-letter.js';
import { invalidField } from '../domain/errors.js';
import { limits } from '../domain/limits.js';
import type { OffsetTopic } from './cluster.js';
import { fetchCommittedOffsets } from './committed-offsets.js';
import type { DeadLetterCall } from './dead-letter-call.js';
import { type Bounds, boundsOf, knowsTopic, readChunks } from './dead-letter-reader.js';
import {
  type DeadLetterRecord,
  readDeadLetter,
  recordValue,
  replayOf,
} from './dead-letter-record.js';
import { PartitionProducer, type SinkBatches } from './partition-producer.js';
import { RecordBatchWriter } from './record-batch-writer.js';
import { ReplayMarks } from './replay-marks.js';
import { offsetOf, type SourceRecord } from './source-record.js';

/** Brokers take batches of a mebibyte by default. */
const BATCH_BYTES = 900 * 1024;

/** The consumer group whose offsets say what of a task's dead letters was replayed. */
export function replayGroup(taskUid: string): string {
  return `predictd.${taskUid}.replay`;
}

/**
 * Writes dead letters back to where they came from, each in one transaction with the mark that it was: the producer of a
 * partition fences whoever replayed it before and settles what they left open, and only then are the marks read.
 */
export async function replayDeadLetters(
  call: DeadLetterCall,
  places: readonly DeadLetterPlace[] | 'all',
): Promise<Replayed> {
  const { cluster, source, topic } = call;
  const sourceTopic = source.spec.source.topic;
  if (!(await knowsTopic(cluster, topic))) return nothing(places);
  await cluster.addMultipleTargetTopics([topic, sourceTopic]);
  const sourcePartitions = cluster.findTopicPartitionMetadata(sourceTopic).length;
  const bounds = await boundsOf(cluster, topic);
  const budget = {
    records: limits.deadLettersPerCallMax,
    until: Date.now() + limits.deadLettersPerCallMs,
  };
  const tally = new Tally();
  for (const [partition, own] of bounds) {
    const wanted = places === 'all' ? 'all' : offsetsIn(places, partition);
    if (wanted !== 'all' && wanted.length === 0) continue;
    const replay = await PartitionReplay.open({
      call,
      partition,
      bounds: own,
      sourcePartitions,
      tally,
    });
    if (wanted !== 'all') await replay.some(wanted);
    else if (!(await replay.all(budget))) return { ...tally.counts, more: true };
  }
  if (places !== 'all')
    tally.unreplayable += places.filter(({ partition }) => !bounds.has(partition)).length;
  return { ...tally.counts, more: false };
}

function nothing(places: readonly DeadLetterPlace[] | 'all'): Replayed {
  const unreplayable = places === 'all' ? 0 : places.length;
  return { replayed: 0, alreadyReplayed: 0, unreplayable, more: false };
}

function offsetsIn(places: readonly DeadLetterPlace[], partition: number): number[] {
  const own = places.filter((place) => place.partition === partition);
  return [...new Set(own.map(({ offset }) => offset))].sort((a, b) => a - b);
}

class Tally {
  replayed = 0;
  alreadyReplayed = 0;
  unreplayable = 0;

  get counts() {
    const { replayed, alreadyReplayed, unreplayable } = this;
    return { replayed, alreadyReplayed, unreplayable };
  }
}

interface ReplayOptions {
  readonly call: DeadLetterCall;
  readonly partition: number;
  readonly bounds: Bounds;
  readonly sourcePartitions: number;
  readonly tally: Tally;
}

/** What of one partition of the dead-letter topic was replayed, and the right to go on. */
class PartitionReplay {
  readonly #options: ReplayOptions;
  readonly #producer: PartitionProducer;
  #marks: ReplayMarks;

  private constructor(options: ReplayOptions, producer: PartitionProducer, marks: ReplayMarks) {
    this.#options = options;
    this.#producer = producer;
    this.#marks = marks;
  }

  static async open(options: ReplayOptions): Promise<PartitionReplay> {
    const { call, partition, bounds } = options;
    const { cluster, source, topic } = call;
    const groupId = replayGroup(source.taskUid);
    const transactionalId = `${groupId}-${partition}`;
    const producer = await PartitionProducer.open({ cluster, groupId, transactionalId });
    const query = { groupId, topic, partitions: [partition] };
    const committed = await fetchCommittedOffsets(producer.groupCoordinator, query);
    const marks = ReplayMarks.from(committed.get(partition), bounds.first);
    return new PartitionReplay(options, producer, marks);
  }

  /** Replays what was not yet; answers whether that was all. */
  async all(budget: { records: number; readonly until: number }): Promise<boolean> {
    const { call, partition, bounds, tally } = this.#options;
    const first = Math.max(bounds.first, this.#marks.upTo);
    const stretch = { topic: call.topic, partition, first, end: bounds.end };
    for await (const { records, nextOffset } of readChunks(call.cluster, stretch)) {
      if (budget.records <= 0 || Date.now() > budget.until) return false;
      const fresh = records.slice().filter((record) => !this.#marks.has(offsetOf(record)));
      const { sends, count } = this.#sendsOf(fresh);
      await this.#commit(sends, this.#marks.through(nextOffset));
      tally.replayed += count;
      tally.unreplayable += fresh.length - count;
      budget.records -= records.length;
    }
    return true;
  }

  /** Replays single ones, all of them or none. */
  async some(offsets: readonly number[]): Promise<void> {
    const { tally } = this.#options;
    const fresh = offsets.filter((offset) => !this.#marks.has(offset));
    const records = await this.#read(fresh);
    const { sends, count } = this.#sendsOf(records);
    // What is gone by now was replayed or not: nobody knows, and it cannot be.
    tally.alreadyReplayed += offsets.length - fresh.length;
    tally.unreplayable += fresh.length - count;
    if (count === 0) return;
    await this.#commit(
      sends,
      this.#marks.with(records.filter((it) => this.#fits(it)).map(offsetOf)),
    );
    tally.replayed += count;
  }

  async #read(offsets: readonly number[]): Promise<SourceRecord[]> {
    const { call, partition, bounds } = this.#options;
    const found: SourceRecord[] = [];
    for (const offset of offsets) {
      if (offset < bounds.first || offset >= bounds.end) continue;
      const stretch = { topic: call.topic, partition, first: offset, end: offset + 1 };
      for await (const { records } of readChunks(call.cluster, stretch)) {
        found.push(...records.slice().filter((record) => offsetOf(record) === offset));
      }
    }
    return found;
  }

  #fits(record: SourceRecord): boolean {
    return this.#placeOf(readDeadLetter(record, this.#options.partition)) !== undefined;
  }

  /** The partition of the source topic; undefined if the record cannot go back there as it was. */
  #placeOf({ isCut, source }: DeadLetterRecord): number | undefined {
    const { call, sourcePartitions } = this.#options;
    if (isCut || source?.topic !== call.source.spec.source.topic) return undefined;
    const { partition } = source;
    return partition >= 0 && partition < sourcePartitions ? partition : undefined;
  }

  #sendsOf(records: readonly SourceRecord[]): { sends: SinkBatches[]; count: number } {
    const { call, partition } = this.#options;
    const outputs = new Map<number, Output>();
    let count = 0;
    for (const record of records) {
      const place = this.#placeOf(readDeadLetter(record, partition));
      if (place === undefined) continue;
      const output = outputs.get(place) ?? new Output();
      outputs.set(place, output);
      output.add(record, call.topic, partition);
      count += 1;
    }
    const { topic } = call.source.spec.source;
    const sends = [...outputs].map(([place, output]) => ({
      topic,
      partition: place,
      batches: output.batches(),
    }));
    return { sends, count };
  }

  async #commit(sends: readonly SinkBatches[], marks: ReplayMarks): Promise<void> {
    const { call, partition } = this.#options;
    const metadata = marks.text;
    if (metadata === undefined) {
      const description = 'Too many were replayed one by one. Replay all that are left.';
      throw invalidField('names', 'TOO_MANY', description);
    }
    const partitions = [{ partition, offset: String(marks.upTo), metadata }];
    const offsets: OffsetTopic = { topic: call.topic, partitions };
    await this.#producer.commit(sends, offsets);
    this.#marks = marks;
  }
}

/** Records for one partition of the source, in batches that a broker takes; one that is larger goes alone. */
class Output {
  readonly #writers: RecordBatchWriter[] = [];
  #bytes = 0;

  add(record: SourceRecord, topic: string, partition: number): void {
    const replayed = replayOf(record, topic, partition);
    const value = recordValue(record);
    const size = replayed.bytes.length + (value?.length ?? 0);
    let writer = this.#writers.at(-1);
    if (!writer || this.#bytes + size > BATCH_BYTES) {
      writer = new RecordBatchWriter({ maxBatchBytes: Number.POSITIVE_INFINITY });
      this.#writers.push(writer);
      this.#bytes = 0;
    }
    writer.append(replayed, value);
    this.#bytes += size;
  }

  batches() {
    return this.#writers.flatMap((writer) => writer.finish());
  }
}
