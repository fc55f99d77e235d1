import type { OffsetRange } from '../domain/suspects.js';
import { ScoringMark } from './scoring-mark.js';

/** A slice that a model does not come back from. */
export interface Hang {
  readonly thread: number;
  readonly range: OffsetRange;
  readonly isShadow: boolean;
}

/** Watches what the threads score, and tells a model that hangs from a machine that stood still. */
export class ScoringWatch {
  readonly #limitMs: number;
  readonly #marks: ScoringMark[] = [];
  readonly #stuck: { turn: number; ms: number }[] = [];
  #at: number | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Memory for the next thread. */
  add(): SharedArrayBuffer {
    const mark = new ScoringMark();
    this.#marks.push(mark);
    return mark.memory;
  }

  /** What is scored now by these threads, or by all. */
  under(thread?: number): readonly OffsetRange[] {
    const marks = thread === undefined ? this.#marks : this.#marks.slice(thread, thread + 1);
    return marks.flatMap(({ range, isShadow }) => (range && !isShadow ? [range] : []));
  }

  /** Call it often: only time in which this thread turns counts, at most `everyMs` each time. */
  tick(now: number, everyMs: number): Hang | undefined {
    const passed = Math.min(2 * everyMs, now - (this.#at ?? now));
    this.#at = now;
    for (const [thread, mark] of this.#marks.entries()) {
      const { range, turn, isShadow } = mark;
      const before = this.#stuck[thread];
      const isStuck = range !== undefined && before?.turn === turn;
      const ms = isStuck ? before.ms + passed : 0;
      this.#stuck[thread] = { turn, ms };
      if (range && ms > this.#limitMs) return { thread, range, isShadow };
    }
    return undefined;
  }
}
