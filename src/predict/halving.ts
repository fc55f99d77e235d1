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

/** Rows that wait to be scored. */
export interface Rows {
  readonly rows: number;
  /** The first row behind `from` that is of another shape. Left out: all rows are of one. */
  endOfShape?(from: number): number;
}

/** Scores all rows in their order, at most so many of one shape at once. */
export async function scoreRows(all: Rows, most: number, attempt: Attempt): Promise<void> {
  for (let from = 0; from < all.rows; ) {
    const to = Math.min(from + most, all.endOfShape?.(from) ?? all.rows);
    await scoreHalving({ from, to }, attempt);
    from = to;
  }
}

/** Scores a range in the order of its rows; one that fails is halved until the rows that fail are found. */
async function scoreHalving(range: RowRange, attempt: Attempt): Promise<void> {
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
