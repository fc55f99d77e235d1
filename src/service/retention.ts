import { limits } from '../domain/limits.js';
import type { Clock, Store } from '../domain/ports.js';

/** Forgets what is older than the limits say. */
export async function applyRetention(store: Store, clock: Clock): Promise<void> {
  const now = clock.now();
  await store.write(async (writes) => {
    await writes.trimEvents(limits.eventsPerTaskMax, now - limits.eventsMaxAgeMs);
    await writes.forgetAnswers(now - limits.requestIdMaxAgeMs);
  });
}
