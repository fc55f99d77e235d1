import { type Counters, noCounters } from '../domain/execution.js';

/**
 * What is committed beside a partition's offset, in the same transaction: how the records before it were counted, so that
 * the counters survive any crash exactly.
 */
export interface OffsetNote {
  readonly execution: number;
  /** Begins the uid of the task, because tasks may read in one group, one after another or at once. Absent in older notes. */
  readonly task?: string | undefined;
  readonly counters: Counters;
  /** Partitions that the source had when the task began to read it. Absent in notes of older releases. */
  readonly partitions?: number | undefined;
}

const UID_CHARS = 8;

/** As text of under 200 characters; brokers take 4096 by default. */
export function formatOffsetNote({ execution, task, counters, partitions }: OffsetNote): string {
  const { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped } = counters;
  return JSON.stringify({
    predictd: 1,
    execution,
    task: task?.slice(0, UID_CHARS),
    in: recordsIn,
    out: recordsOut,
    dead: recordsDeadLettered,
    skipped: recordsSkipped,
    partitions,
  });
}

/** Reads a note; undefined if somebody else committed the offset. */
export function parseOffsetNote(text: string): OffsetNote | undefined {
  let value: Partial<Record<string, unknown>>;
  try {
    value = JSON.parse(text) ?? {};
  } catch {
    return undefined;
  }
  const numbers = [value.execution, value.in, value.out, value.dead, value.skipped];
  if (value.predictd !== 1 || !numbers.every(isCount)) return undefined;
  const [execution = 0, recordsIn = 0, recordsOut = 0, recordsDeadLettered = 0, skipped = 0] =
    numbers;
  return {
    execution,
    ...(typeof value.task === 'string' ? { task: value.task } : {}),
    counters: { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped: skipped },
    ...(isCount(value.partitions) ? { partitions: value.partitions } : {}),
  };
}

/** The counters to go on from: none if the offset is of another execution or task. */
export function countersFrom(
  text: string,
  { taskUid, executionNumber }: { readonly taskUid: string; readonly executionNumber: number },
): Counters {
  const note = parseOffsetNote(text);
  const isOwn = note?.execution === executionNumber && taskUid.startsWith(note.task ?? '');
  return isOwn ? note.counters : noCounters;
}

/**
 * Partitions that the source had when the task began to read it: later ones are read from their first record, whatever
 * the task says of its start, because all of their records came since. `committed`: what is known of each partition.
 */
export function partitionsAtStart(
  committed: ReadonlyMap<number, { readonly metadata: string }>,
  partitionsNow: number,
): number {
  if (committed.size === 0) return partitionsNow;
  const noted = [...committed.values()].flatMap(
    ({ metadata }) => parseOffsetNote(metadata)?.partitions ?? [],
  );
  // Where nobody noted it, what was read tells: partitions are only ever added behind the last one.
  return noted.length > 0 ? Math.min(...noted) : Math.max(...committed.keys()) + 1;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
