import type { Change, ChangeFeed } from '../domain/ports.js';

/** Which tasks a watch is about. */
export interface WatchScope {
  /** Owner; absent: all. */
  readonly user?: string;
  /** Its id. Ids are given in one order, so a task with a smaller one was of a user of the same name who is no more. */
  readonly userId?: number;
  /** One task, and its resource name. */
  readonly taskId?: number;
  readonly name?: string;
}

/**
 * Notes that something changed, never what: the watch reads that from the store. So it holds no more than one id for
 * each task, however slow the reader is. Close it after use.
 */
export class WatchInbox {
  readonly #scope: WatchScope;
  readonly #unsubscribe: () => void;
  readonly #moved = new Set<number>();
  readonly #shownAt = new Map<number, number>();
  readonly #progressMs: number;
  readonly #ends: readonly AbortSignal[];
  readonly #onEnd = () => {
    this.#hasEnded = true;
    this.#wake();
  };
  #hasEnded: boolean;
  #hasEvents = true;
  #wake = () => {};

  constructor(
    feed: ChangeFeed,
    scope: WatchScope,
    { progressMs, ends }: { readonly progressMs: number; readonly ends: readonly AbortSignal[] },
  ) {
    this.#scope = scope;
    this.#progressMs = progressMs;
    this.#ends = ends;
    this.#hasEnded = ends.some((signal) => signal.aborted);
    // Once for all waits: adding and removing a listener costs as much as a message.
    for (const signal of ends) signal.addEventListener('abort', this.#onEnd);
    this.#unsubscribe = feed.subscribe((change) => this.#note(change));
  }

  close(): void {
    this.#unsubscribe();
    for (const signal of this.#ends) signal.removeEventListener('abort', this.#onEnd);
  }

  /** Whether one of the ends has come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether events may have been written since this was asked last. */
  takeEvents(): boolean {
    const had = this.#hasEvents;
    this.#hasEvents = false;
    return had;
  }

  /** A task was shown as it is, so its progress need not be shown again so soon. */
  shown(taskId: number, now: number): void {
    this.#moved.delete(taskId);
    this.#shownAt.set(taskId, now);
  }

  forget(taskId: number): void {
    this.#moved.delete(taskId);
    this.#shownAt.delete(taskId);
  }

  /** Tasks whose progress is due to be shown. */
  dueProgress(now: number): number[] {
    return [...this.#moved].filter((taskId) => this.#dueAt(taskId) <= now);
  }

  /** Waits for events, due progress, the time `until`, or an end. Times are those of `performance.now()`. */
  async wait(until: number): Promise<void> {
    if (this.#hasEvents || this.#hasEnded) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#msUntil(until));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }

  #note(change: Change): void {
    const user = change.type === 'event' ? change.event.user : change.user;
    const taskId = change.type === 'event' ? change.event.taskId : change.taskId;
    if (this.#scope.user !== undefined && this.#scope.user !== user) return;
    if (this.#scope.taskId !== undefined && this.#scope.taskId !== taskId) return;
    if (change.type === 'event') this.#hasEvents = true;
    else if (this.#moved.has(taskId)) return;
    else this.#moved.add(taskId);
    this.#wake();
  }

  #dueAt(taskId: number): number {
    return (this.#shownAt.get(taskId) ?? 0) + this.#progressMs;
  }

  #msUntil(until: number): number {
    const due = [...this.#moved].map((taskId) => this.#dueAt(taskId));
    return Math.max(0, Math.min(until, ...due) - performance.now());
  }
}
