import type { RecordScorer } from '../predict/scorer.js';
import { type EncodedHeaders, encodeHeaders } from './extra-headers.js';

/** The model blocks its thread while it runs; the group must hear of the thread in between. */
const SLICE_MS = 100;
const FIRST_SLICE_ROWS_MAX = 256;
const SLICE_ROWS_MAX = 16_384;

/** One loaded model of a thread, and how many records it scores at once. */
export class ThreadModel {
  /** Empty if it is not an uploaded one. */
  readonly sha256: string;
  readonly scorer: RecordScorer;
  /** What its predictions say of it. */
  readonly header: EncodedHeaders;
  #sliceRows: number;
  #rowMs: number;
  #slowestMs = 0;
  #users = 0;
  #retired = false;

  constructor(scorer: RecordScorer, sha256: string) {
    this.scorer = scorer;
    this.sha256 = sha256;
    this.#rowMs = scorer.rowMs;
    const value = Buffer.from(sha256);
    this.header = encodeHeaders(value.length > 0 ? [['predictd-model-sha256', value]] : []);
    const rows = Math.round(SLICE_MS / Math.max(scorer.rowMs, 1e-3));
    this.#sliceRows = scorer.rowsAtOnce ?? Math.max(1, Math.min(FIRST_SLICE_ROWS_MAX, rows));
  }

  get sliceRows(): number {
    return this.#sliceRows;
  }

  /** About as many records as it scores in so long, one at least. */
  rowsWithin(ms: number): number {
    if (this.scorer.rowsAtOnce !== undefined) return Number.POSITIVE_INFINITY;
    return Math.max(1, Math.floor(ms / Math.max(this.#rowMs, 1e-4)));
  }

  /** The longest that it blocked its thread for. */
  get slowestMs(): number {
    return this.#slowestMs;
  }

  /** It took so long for so many records. */
  took(ms: number, rows: number): void {
    if (this.scorer.rowsAtOnce !== undefined) return;
    this.#slowestMs = Math.max(this.#slowestMs, ms);
    const rowMs = Math.max(ms / rows, 1e-4);
    this.#rowMs = (this.#rowMs + rowMs) / 2;
    const next = Math.round((this.#sliceRows + SLICE_MS / rowMs) / 2);
    this.#sliceRows = Math.max(1, Math.min(SLICE_ROWS_MAX, next));
  }

  /** Keeps it while `work` scores with it. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work();
    } finally {
      this.#users--;
      if (this.#retired && this.#users === 0) await this.scorer.release();
    }
  }

  /** Frees it as soon as nothing scores with it. */
  async retire(): Promise<void> {
    if (this.#retired) return;
    this.#retired = true;
    if (this.#users === 0) await this.scorer.release();
  }
}
