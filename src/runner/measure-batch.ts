import { type Measured, measure } from '../domain/measures.js';
import type { Committed } from './partition-loop.js';

/** Counts a micro-batch that was written at `now`, milliseconds since 1970. The times of a few records stand for all. */
export function measureBatch(
  row: Measured,
  { batch, commitMs }: Pick<Committed, 'batch' | 'commitMs'>,
  now: number,
): void {
  const { counters, spent, times } = batch;
  if (times.length === 0) return;
  measure(row, 'decode', spent.decodeMs / 1_000);
  measure(row, 'score', spent.scoreMs / 1_000);
  measure(row, 'commit', commitMs / 1_000);
  measure(row, 'batchRecords', counters.recordsIn);
  const each = Math.floor(counters.recordsIn / times.length);
  const rest = counters.recordsIn % times.length;
  for (const [index, time] of times.entries()) {
    if (time >= 0) measure(row, 'endToEnd', (now - time) / 1_000, index < rest ? each + 1 : each);
  }
}
