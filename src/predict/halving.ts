import type { BadRecord } from './bad-record.js';

/** Rows of a batch. */
export interface RowRange {
  readonly from: number;
  /** The first one behind it. */
  readonly to: number;
}

/** How rows are tried together. */
export interface Attempt {
  /** Scores a range and hands out its rows; answers why not, if the rows are to blame and none was handed out. */
  readonly score: (range: RowRange) => Promise<BadRecord | undefined>;
  /** Told of a row that fails alone, and why. */
  readonly bad: (row: number, why: BadRecord) => void;
}

/** Scores a range in the order of its rows; one that fails is halved until the rows that fail are found. */
export async function scoreHalving(range: RowRange, attempt: Attempt): Promise<void> {
  const why = await attempt.score(range);
  if (!why) return;
  const { from, to } = range;
  if (to - from === 1) {
    attempt.bad(from, why);
    return;
  }
  const middle = (from + to) >> 1;
  await scoreHalving({ from, to: middle }, attempt);
  await scoreHalving({ from: middle, to }, attempt);
}
