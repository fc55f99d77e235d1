/** Runs jobs one after another, in the order in which they came. */
export class Mailbox {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects with the job. A job that throws does not stop the ones after it. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every job so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
