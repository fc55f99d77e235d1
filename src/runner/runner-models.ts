import type { ModelUse } from '../domain/scoring.js';
import type { ModelRefusal } from '../domain/step-input.js';
import { RunnerError } from './failure.js';
import type { FromRunner, ModelFile, StartMessage } from './messages.js';
import { tryModel } from './model-trial.js';
import type { ToThread } from './thread-messages.js';

export interface RunnerModelsOptions {
  readonly start: StartMessage;
  readonly say: (message: FromRunner) => void;
  /** Tells all threads. */
  readonly tellThreads: (message: ToThread) => void;
  /** Ends the execution for this cause. */
  readonly fail: (error: RunnerError) => void;
}

/** A model that threads are loading. */
interface Loading {
  /** Threads that hold it. */
  readonly held: Set<number>;
  readonly done: (refusal: ModelRefusal | undefined) => void;
}

/**
 * The models of a runner. Nothing is scored with a new one before the supervisor has it on disk: a model is tried out, then loaded
 * in every thread, then told of; and it waits for `use`.
 */
export class RunnerModels {
  readonly #options: RunnerModelsOptions;
  readonly #known = new Map<string, ModelFile>();
  readonly #loading = new Map<string, Loading>();
  readonly #dropped = new Set<string>();
  #last: Promise<void> = Promise.resolve();
  #decide: ((model: ModelFile | undefined) => void) | undefined;

  constructor(options: RunnerModelsOptions) {
    this.#options = options;
    const { model } = options.start;
    if (model) this.#known.set(model.sha256, model);
  }

  /** The models that threads hold, or are loading. */
  get files(): readonly ModelFile[] {
    return [...this.#known.values()];
  }

  /** What the threads begin with: the new model, if there is one that can be used and is still wanted. */
  async first(): Promise<ModelFile | undefined> {
    const { model, update, spec, allowEgress } = this.#options.start;
    if (!update) return model;
    const decided = new Promise<ModelFile | undefined>((resolve) => {
      this.#decide = resolve;
    });
    const refusal = await tryModel({ spec, allowEgress, model: update });
    this.#tell(update.sha256, refusal);
    const chosen = refusal ? model : await decided;
    this.#decide = undefined;
    if (chosen === update) this.#known.clear();
    if (chosen) this.#known.set(chosen.sha256, chosen);
    return chosen;
  }

  /** One after the other: each needs memory and the threads' time. */
  load(model: ModelFile, use: ModelUse): void {
    this.#dropped.delete(model.sha256);
    this.#last = this.#last.then(() => this.#load(model, use));
  }

  /** It is on disk that this model scores: if it is not held, then a new runner begins with it. */
  use(sha256: string): void {
    const { model, update } = this.#options.start;
    if (this.#decide) {
      this.#decide(update?.sha256 === sha256 ? update : model);
      return;
    }
    if (this.#known.has(sha256) && !this.#loading.has(sha256)) {
      this.#options.tellThreads({ type: 'use-model', sha256 });
      return;
    }
    const message = `Model ${sha256.slice(0, 12)} is to score, but is not loaded.`;
    this.#options.fail(new RunnerError('MODEL_NOT_LOADED', message, false));
  }

  drop(sha256: string): void {
    if (this.#options.start.update?.sha256 === sha256) this.#decide?.(this.#options.start.model);
    this.#dropped.add(sha256);
    this.#loading.get(sha256)?.done(undefined);
    this.#free(sha256);
  }

  /** All threads score with it now, and hold the one before no more. */
  inUse(sha256: string, before: string): void {
    if (sha256 !== before && !this.#loading.has(before)) this.#known.delete(before);
  }

  /** A thread holds the model, or cannot, or gave a shadow up. */
  heard(thread: number, sha256: string, refusal: ModelRefusal | undefined): void {
    const loading = this.#loading.get(sha256);
    if (loading && refusal) loading.done(refusal);
    else if (loading) {
      loading.held.add(thread);
      if (loading.held.size === this.#options.start.spec.parallelism) loading.done(undefined);
    } else if (!refusal && !this.#known.has(sha256)) this.#free(sha256);
    else if (refusal && this.#known.has(sha256)) {
      this.#free(sha256);
      this.#tell(sha256, refusal);
    }
  }

  async #load(model: ModelFile, use: ModelUse): Promise<void> {
    const { spec, allowEgress } = this.#options.start;
    const { sha256 } = model;
    if (this.#dropped.has(sha256)) return;
    const refusal =
      (await tryModel({ spec, allowEgress, model })) ?? (await this.#loadInThreads(model, use));
    if (this.#dropped.has(sha256)) return;
    if (refusal) this.#free(sha256);
    this.#tell(sha256, refusal);
  }

  async #loadInThreads(model: ModelFile, use: ModelUse): Promise<ModelRefusal | undefined> {
    const { sha256 } = model;
    if (this.#dropped.has(sha256)) return undefined;
    this.#known.set(sha256, model);
    const loaded = new Promise<ModelRefusal | undefined>((done) => {
      this.#loading.set(sha256, { held: new Set(), done });
    });
    this.#options.tellThreads({ type: 'load-model', model, use });
    const refusal = await loaded;
    this.#loading.delete(sha256);
    return refusal;
  }

  #free(sha256: string): void {
    this.#known.delete(sha256);
    this.#options.tellThreads({ type: 'drop-model', sha256 });
  }

  #tell(sha256: string, refusal: ModelRefusal | undefined): void {
    const { epoch } = this.#options.start;
    this.#options.say(
      refusal
        ? { type: 'model-refused', epoch, sha256, cause: refusal }
        : { type: 'model-loaded', epoch, sha256 },
    );
  }
}
