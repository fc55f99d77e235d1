import type {
  DeadLetter,
  DeadLetterPage,
  DeadLetterPlace,
  DeadLetterSource,
  DeadLetters,
} from '../domain/dead-letter.js';
import { limits } from '../domain/limits.js';
import { fetchCommittedOffsets } from './committed-offsets.js';
import { type DeadLetterCall, openCall } from './dead-letter-call.js';
import { boundsOf, knowsTopic, readChunks } from './dead-letter-reader.js';
import { readDeadLetter } from './dead-letter-record.js';
import { type CodecOptions, installCodecs } from './install-codecs.js';
import { callKafka } from './kafka-call.js';
import { purgeDeadLetters } from './purge-dead-letters.js';
import { replayDeadLetters, replayGroup } from './replay-dead-letters.js';
import { ReplayMarks } from './replay-marks.js';
import { offsetOf } from './source-record.js';

/** What the operator decided. */
export interface DeadLetterOptions extends CodecOptions {
  /** `HOST:PORT` and CIDRs that may be connected to. */
  readonly allowEgress: readonly string[];
}

/** What people wait for. */
const READ_DEADLINE_MS = 15_000;
/** Besides the time that one call goes on: for its last chunk. */
const WRITE_DEADLINE_MS = limits.deadLettersPerCallMs + 25_000;

/** Reaches dead-letter topics through clients that live for one call each. */
export function createDeadLetters(options: DeadLetterOptions): DeadLetters {
  const call = <T>(
    source: DeadLetterSource,
    deadlineMs: number,
    work: (call: DeadLetterCall) => Promise<T>,
  ): Promise<T> => {
    installCodecs(options);
    const opened = openCall(source, options.allowEgress);
    const { signal } = source;
    return callKafka(opened.cluster, { deadlineMs, signal }, () => work(opened));
  };
  return {
    list: (source, from, limit) =>
      call(source, READ_DEADLINE_MS, (opened) => list(opened, from, limit)),
    get: (source, place) => call(source, READ_DEADLINE_MS, (opened) => get(opened, place)),
    replay: (source, places) =>
      call(source, WRITE_DEADLINE_MS, (opened) => replayDeadLetters(opened, places)),
    purge: (source, before) =>
      call(source, WRITE_DEADLINE_MS, (opened) => purgeDeadLetters(opened, before)),
  };
}

async function list(
  call: DeadLetterCall,
  from: DeadLetterPlace,
  limit: number,
): Promise<DeadLetterPage> {
  const { cluster, topic } = call;
  if (!(await knowsTopic(cluster, topic))) return { letters: [] };
  const letters: DeadLetter[] = [];
  let bytes = 0;
  const marksOf = await marksReader(call);
  for (const [partition, bounds] of await boundsOf(cluster, topic)) {
    if (partition < from.partition) continue;
    const first = partition === from.partition ? Math.max(bounds.first, from.offset) : bounds.first;
    const stretch = { topic, partition, first, end: bounds.end };
    for await (const { records } of readChunks(cluster, stretch)) {
      for (const record of records.slice()) {
        const offset = offsetOf(record);
        if (offset >= bounds.end) break;
        const size = Math.max(0, record.valueLength);
        const isFull = letters.length === limit || bytes + size > limits.deadLettersPageBytesMax;
        if (isFull && letters.length > 0) return { letters, next: { partition, offset } };
        const { isCut: _cut, ...letter } = readDeadLetter(record, partition);
        letters.push({ ...letter, isReplayed: marksOf(partition, bounds.first).has(offset) });
        bytes += size;
      }
    }
  }
  return { letters };
}

async function get(
  call: DeadLetterCall,
  { partition, offset }: DeadLetterPlace,
): Promise<DeadLetter | undefined> {
  const { cluster, topic } = call;
  if (!(await knowsTopic(cluster, topic))) return undefined;
  const bounds = (await boundsOf(cluster, topic)).get(partition);
  if (!bounds || offset < bounds.first || offset >= bounds.end) return undefined;
  const stretch = { topic, partition, first: offset, end: offset + 1 };
  for await (const { records } of readChunks(cluster, stretch)) {
    const record = records.slice().find((one) => offsetOf(one) === offset);
    if (!record) continue;
    const { isCut: _cut, ...letter } = readDeadLetter(record, partition);
    const marks = (await marksReader(call))(partition, bounds.first);
    return { ...letter, isReplayed: marks.has(offset) };
  }
  return undefined;
}

async function marksReader({ cluster, source, topic }: DeadLetterCall) {
  const groupId = replayGroup(source.taskUid);
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  const metadata = cluster.findTopicPartitionMetadata(topic);
  const partitions = metadata.map(({ partitionId }) => partitionId);
  // Who only looks need not wait for a replay that is under way.
  const query = { groupId, topic, partitions, stable: false } as const;
  const committed = await fetchCommittedOffsets(coordinator, query);
  const read = new Map<number, ReplayMarks>();
  return (partition: number, first: number): ReplayMarks => {
    const known = read.get(partition) ?? ReplayMarks.from(committed.get(partition), first);
    read.set(partition, known);
    return known;
  };
}
