import type { Event } from '../domain/event.js';
import type { Room } from './deps.js';
import { type TaskView, viewTask } from './views.js';

/** So long the same answer is given without another look: a lease that lapses shows no later than this. */
const sharedMs = 50;

/**
 * What many watches read at the same moment, read once. An answer is never older than the newest change that the feed
 * told of: it begins to be read after it.
 */
export class SharedReads {
  readonly #room: Room;
  readonly #answers = new Map<string, Promise<unknown>>();

  /** Listens to the feed from now on, before any watch does. */
  constructor(room: Room) {
    this.#room = room;
    room.feed.subscribe(() => this.#answers.clear());
  }

  /** Events of one task after a sequence. */
  eventsOf(taskId: number, after: number, limit: number): Promise<readonly Event[]> {
    const { store } = this.#room;
    return this.#shared(`events ${taskId} ${after} ${limit}`, () =>
      store.listEvents(taskId, { after, limit }),
    );
  }

  /** Events of a user's tasks, or of all, after a sequence. */
  eventsAfter(after: number, user: string | undefined, limit: number): Promise<readonly Event[]> {
    const { store } = this.#room;
    return this.#shared(`events after ${after} ${limit} ${user ?? '-'}`, () =>
      store.eventsAfter(after, user, limit),
    );
  }

  /**
   * A task as it is now; undefined if it is gone. Who shares an answer gets the same object. `seen`: sequence of an event
   * that was read before, which the answer must not be older than.
   */
  view(taskId: number, seen = 0): Promise<TaskView | undefined> {
    return this.#shared(`view ${taskId} ${seen}`, async () => {
      const task = await this.#room.store.taskById(taskId);
      return task && viewTask(this.#room, task);
    });
  }

  #shared<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const answer = read();
    this.#answers.set(key, answer);
    const forget = () => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key);
    };
    setTimeout(forget, sharedMs).unref();
    answer.catch(forget);
    return answer;
  }
}
