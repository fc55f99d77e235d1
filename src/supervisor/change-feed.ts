import type { Change, ChangeFeed } from '../domain/ports.js';

/** A feed of changes inside this process. A listener that throws is a fault of the program. */
export function createChangeFeed(): ChangeFeed {
  const listeners = new Set<(change: Change) => void>();
  return {
    publish(change) {
      for (const listener of listeners) listener(change);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
