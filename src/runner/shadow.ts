import type { ShadowReport } from '../domain/shadow-report.js';
import type { ModelRefusal } from '../domain/step-input.js';
import type { SourceRecord } from '../kafka/source-record.js';
import { Comparison, type OutputRow } from '../predict/comparison.js';
import type { OutputTap, Scorer } from '../predict/scorer.js';

/** A shadow may take so many times as long as the active model, looking at the last slices. */
const SLOWER_MAX = 4;
/** Below it nobody waits for a slice. */
const SLICE_MS_LEAST = 5;
/** One slice alone may not hold up the stream for longer, if the active model is faster. */
const SLICE_MS_MAX = 2_000;
const SLICES_LEAST = 10;
/** Slices in a row of which it could score nothing, and the active model something. */
const FAILED_SLICES_MAX = 3;
/** Weight of the newest slice in the means. */
const NEWEST = 0.1;

/** A model that scores beside the active one. Nothing of it is written. */
export class Shadow {
  readonly sha256: string;
  readonly #scorer: Scorer;
  readonly #comparison = new Comparison();
  readonly #since: number;
  #rows = 0;
  #ms = 0;
  #slices = 0;
  #failedSlices = 0;
  #meanMs = 0;
  #meanActiveMs = 0;

  constructor(scorer: Scorer, sha256: string, now: number) {
    this.#scorer = scorer;
    this.sha256 = sha256;
    this.#since = now;
  }

  /**
   * Scores a slice that the active model scored in `activeMs`, and compares the two. Answers why the shadow has to be given up, if
   * it has. Never throws.
   */
  async follow(
    slice: readonly SourceRecord[],
    { said, activeMs }: { readonly said: Said; readonly activeMs: number },
  ): Promise<ModelRefusal | undefined> {
    const own = new Said();
    const before = performance.now();
    try {
      this.#scorer.tap = own.tap;
      await this.#scorer.score(slice, undefined);
    } catch (error) {
      return { reason: 'SHADOW_FAILED', message: `It failed: ${String(error)}` };
    } finally {
      this.#scorer.tap = undefined;
    }
    const ms = performance.now() - before;
    for (const record of slice) this.#comparison.add(said.rows.get(record), own.rows.get(record));
    this.#rows += slice.length;
    this.#ms += ms;
    this.#failedSlices = own.rows.size === 0 && said.rows.size > 0 ? this.#failedSlices + 1 : 0;
    return this.#fault(ms, activeMs);
  }

  report(): ShadowReport {
    return {
      ...this.#comparison.report(),
      sha256: this.sha256,
      since: this.#since,
      meanMs: this.#rows === 0 ? 0 : this.#ms / this.#rows,
    };
  }

  #fault(ms: number, activeMs: number): ModelRefusal | undefined {
    const weight = this.#slices === 0 ? 1 : NEWEST;
    this.#slices++;
    this.#meanMs += weight * (ms - this.#meanMs);
    this.#meanActiveMs += weight * (activeMs - this.#meanActiveMs);
    if (this.#failedSlices >= FAILED_SLICES_MAX) {
      return { reason: 'SHADOW_FAILED', message: 'It can score none of the records.' };
    }
    const isSlow =
      this.#slices >= SLICES_LEAST &&
      this.#meanMs > Math.max(SLICE_MS_LEAST, SLOWER_MAX * this.#meanActiveMs);
    const isLong = ms > SLICE_MS_MAX && ms > SLOWER_MAX * activeMs;
    if (!isSlow && !isLong) return undefined;
    const [own, active] = isLong ? [ms, activeMs] : [this.#meanMs, this.#meanActiveMs];
    const message = `It took ${own.toFixed(1)} ms for what the active model does in ${active.toFixed(1)} ms.`;
    return { reason: 'SHADOW_TOO_SLOW', message };
  }
}

/** What a model said of the records of one slice. */
export class Said {
  readonly rows = new Map<SourceRecord, OutputRow>();

  readonly tap: OutputTap = (outputs, records) => {
    for (const [index, record] of records.entries()) {
      this.rows.set(record, { outputs, index, rows: records.length });
    }
  };
}
