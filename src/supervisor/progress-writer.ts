import type { Execution, Progress } from '../domain/execution.js';
import { limits } from '../domain/limits.js';
import type { Clock, Store } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import { isFinal } from '../domain/state.js';

/** Writes how far executions are, now and then. */
export class ProgressWriter {
  readonly #store: Pick<Store, 'write'>;
  readonly #clock: Clock;
  /** What was last written, by task. */
  readonly #written = new Map<number, Progress>();
  #at = 0;

  constructor(store: Pick<Store, 'write'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  get isDue(): boolean {
    return this.#clock.now() - this.#at >= limits.progressWriteMs;
  }

  /** Where a bounded execution ends must outlive this process from the moment that it is known. */
  isFirst({ taskId, state, progress }: Execution): boolean {
    return progress.partitions.length > 0 && !this.#written.has(taskId) && !isFinal(state);
  }

  forget(taskId: number): void {
    this.#written.delete(taskId);
  }

  /** Writes what moved since. */
  async write(runs: Iterable<Run>): Promise<void> {
    const changed = [...runs]
      .map(({ execution }) => execution)
      .filter((execution) => this.#written.get(execution.taskId) !== execution.progress);
    this.#at = this.#clock.now();
    if (changed.length === 0) return;
    await this.#store.write((writes) => writes.updateProgress(changed));
    for (const { taskId, progress } of changed) this.#written.set(taskId, progress);
  }
}
