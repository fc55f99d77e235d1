import { DomainError } from '../domain/errors.js';
import type { InTurn } from './deps.js';

export interface TurnsBounds {
  /** Works of all users, and of one of them, that run at once. */
  readonly atOnce: number;
  readonly perUser: number;
  /** Works of one user that wait. */
  readonly waitingMax: number;
}

/**
 * A process with a model takes a core for half a second and up to some GiB: more at once would all be too late, and take
 * memory from what streams. Two users can always be served; what waits of one is done within a minute, if it is fast.
 */
const defaults: TurnsBounds = { atOnce: 4, perUser: 2, waitingMax: 100 };

/**
 * Lets a few works run at once, and of one user fewer than that, so that whoever asks for much is in nobody's way but
 * his own. What waits goes by turns of the users, and of each in the order of asking. QUOTA_EXCEEDED if too much waits.
 */
export function createTurns({ atOnce, perUser, waitingMax }: TurnsBounds = defaults): InTurn {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  let total = 0;

  const mayBegin = (user: string) => total < atOnce && (running.get(user) ?? 0) < perUser;
  const begin = (user: string) => {
    total += 1;
    running.set(user, (running.get(user) ?? 0) + 1);
  };
  const end = (user: string) => {
    total -= 1;
    const left = (running.get(user) ?? 0) - 1;
    if (left > 0) running.set(user, left);
    else running.delete(user);
    wakeNext();
  };
  const wakeNext = () => {
    for (const [user, works] of waiting) {
      if (!mayBegin(user)) continue;
      const next = works.shift();
      // Behind all others: the next turn is another's.
      waiting.delete(user);
      if (works.length > 0) waiting.set(user, works);
      begin(user);
      next?.();
      return;
    }
  };
  const wait = (user: string) => {
    const works = waiting.get(user) ?? [];
    if (works.length >= waitingMax) throw tooMany(waitingMax);
    waiting.set(user, works);
    return new Promise<void>((resolve) => works.push(resolve));
  };
  return async (user, work) => {
    if (mayBegin(user)) begin(user);
    else await wait(user);
    try {
      return await work();
    } finally {
      end(user);
    }
  };
}

/** Time for the first of those that wait to be done. */
const retryMs = 5_000;

function tooMany(max: number): DomainError {
  return new DomainError('QUOTA_EXCEEDED', {
    message: `${max} calls of yours wait for a process with a model, the most there may be. Wait for their answers.`,
    metadata: { quota: 'model_calls_waiting', max: String(max) },
    retryAfterMs: retryMs,
  });
}
