import { type Counters, noCounters } from '../domain/execution.js';

/**
 * What is committed beside a partition's offset, in the same transaction: how the records before it were counted, so that
 * the counters survive any crash exactly.
 */
export interface OffsetNote {
  readonly execution: number;
  readonly counters: Counters;
}

/** As text of under 200 characters; brokers take 4096 by default. */
export function formatOffsetNote({ execution, counters }: OffsetNote): string {
  const { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped } = counters;
  return JSON.stringify({
    predictd: 1,
    execution,
    in: recordsIn,
    out: recordsOut,
    dead: recordsDeadLettered,
    skipped: recordsSkipped,
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
    counters: { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped: skipped },
  };
}

/** The counters to go on from: none if the offset is of another execution. */
export function countersFrom(text: string, execution: number): Counters {
  const note = parseOffsetNote(text);
  return note?.execution === execution ? note.counters : noCounters;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
