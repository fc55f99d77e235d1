import type { ShadowReport } from '../domain/shadow-report.js';
import type { ModelRefusal } from '../domain/step-input.js';
import type { SourceRecord } from '../kafka/source-record.js';
import type { ScoreSink } from '../predict/hand-out.js';
import { Scorer } from '../predict/scorer.js';
import type { ScoringMark } from './scoring-mark.js';
import { Said, Shadow } from './shadow.js';
import { ThreadModel } from './thread-model.js';

/** What goes with a slice. */
export interface Slicing {
  readonly sink: ScoreSink;
  readonly signal: AbortSignal;
  readonly mark: ScoringMark;
}

/** The models of one predictor thread: one scores, others wait beside it or are compared with it. */
export class ThreadModels {
  readonly #onShadowFault: (sha256: string, fault: ModelRefusal) => void;
  readonly #beside = new Map<string, ThreadModel>();
  #active: ThreadModel;
  #shadow: Shadow | undefined;

  constructor(
    active: ThreadModel,
    onShadowFault: (sha256: string, fault: ModelRefusal) => void = () => undefined,
  ) {
    this.#active = active;
    this.#onShadowFault = onShadowFault;
  }

  /** What the next micro-batch is scored with. */
  get active(): ThreadModel {
    return this.#active;
  }

  get shadow(): ShadowReport | undefined {
    return this.#shadow?.report();
  }

  /** Takes a loaded model in. A shadow scores from now on. */
  add(scorer: Scorer, sha256: string, use: 'SWAP' | 'SHADOW'): void {
    if (this.#beside.has(sha256)) void scorer.release();
    else this.#beside.set(sha256, new ThreadModel(scorer, sha256));
    if (use === 'SHADOW') this.#beginShadow(sha256);
  }

  /** Scores with a loaded model from the next micro-batches on. Micro-batches under way end with the one before. */
  use(sha256: string): void {
    const next = this.#beside.get(sha256);
    if (!next) return;
    const before = this.#active;
    this.#active = next;
    this.#beside.delete(sha256);
    if (this.#shadow?.sha256 === sha256) this.#shadow = undefined;
    // What was compared so far was another pair.
    else if (this.#shadow) this.#beginShadow(this.#shadow.sha256);
    void before.retire();
  }

  drop(sha256: string): void {
    const model = this.#beside.get(sha256);
    if (this.#shadow?.sha256 === sha256) this.#shadow = undefined;
    this.#beside.delete(sha256);
    void model?.retire();
  }

  /** Scores a slice with one of the models, and lets the shadow follow. */
  async score(
    model: ThreadModel,
    slice: readonly SourceRecord[],
    { sink, signal, mark }: Slicing,
  ): Promise<void> {
    const shadow = model === this.#active ? this.#shadow : undefined;
    const { scorer } = model;
    const before = performance.now();
    const tapped = shadow && scorer instanceof Scorer ? scorer : undefined;
    const said = tapped && new Said();
    if (tapped) tapped.tap = said?.tap;
    try {
      await scorer.score(slice, sink, signal);
    } finally {
      if (tapped) tapped.tap = undefined;
    }
    const activeMs = performance.now() - before;
    model.took(activeMs, slice.length);
    if (!shadow || !said) return;
    mark.shadow();
    const fault = await this.#beside
      .get(shadow.sha256)
      ?.use(() => shadow.follow(slice, { said, activeMs }));
    if (!fault || this.#shadow !== shadow) return;
    this.drop(shadow.sha256);
    this.#onShadowFault(shadow.sha256, fault);
  }

  async release(): Promise<void> {
    this.#shadow = undefined;
    const all = [this.#active, ...this.#beside.values()];
    await Promise.all(all.map((model) => model.retire()));
  }

  #beginShadow(sha256: string): void {
    const model = this.#beside.get(sha256);
    const isModel = model?.scorer instanceof Scorer;
    this.#shadow = isModel ? new Shadow(model.scorer, sha256, Date.now()) : undefined;
  }
}
