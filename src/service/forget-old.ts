import { limits } from '../domain/limits.js';
import type { Clock, Store } from '../domain/ports.js';

/** Drops history and remembered requests that are beyond their limits; whoever runs the service calls it now and then. */
export async function forgetOld({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Promise<void> {
  const now = clock.now();
  await store.write(async (writes) => {
    await writes.trimEvents(limits.eventsPerTaskMax, now - limits.eventsMaxAgeMs);
    await writes.forgetAnswers(now - limits.requestIdMaxAgeMs);
  });
}
