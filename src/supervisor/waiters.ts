/** Who waits for something to happen to a task. */
export class Waiters {
  readonly #lists = new Map<number, (() => void)[]>();

  /** Resolves when it happens next. */
  wait(taskId: number): Promise<void> {
    return new Promise((resolve) => {
      const list = this.#lists.get(taskId);
      if (list) list.push(resolve);
      else this.#lists.set(taskId, [resolve]);
    });
  }

  /** It happened. */
  release(taskId: number): void {
    const list = this.#lists.get(taskId) ?? [];
    this.#lists.delete(taskId);
    for (const resolve of list) resolve();
  }
}
