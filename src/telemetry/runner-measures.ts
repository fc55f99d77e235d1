import { addMeasured, type Measured, nothingMeasured } from '../domain/measures.js';

interface Heard {
  readonly total: Measured;
  /** As the present runner sent it last. */
  last: Measured;
}

/** What the runners of each task measured since the service began. A runner sends all that it measured since it began. */
export class RunnerMeasures {
  readonly #tasks = new Map<number, Heard>();

  /** A new runner measures from nothing on. */
  begin(taskId: number): void {
    const heard = this.#tasks.get(taskId);
    if (heard) heard.last = nothingMeasured();
    else this.#tasks.set(taskId, { total: nothingMeasured(), last: nothingMeasured() });
  }

  hear(taskId: number, measured: Measured): void {
    const heard = this.#tasks.get(taskId);
    if (!heard) return;
    addMeasured(heard.total, measured, heard.last);
    heard.last = measured;
  }

  of(taskId: number): Measured | undefined {
    return this.#tasks.get(taskId)?.total;
  }

  forget(taskId: number): void {
    this.#tasks.delete(taskId);
  }
}
