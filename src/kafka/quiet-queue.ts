import { createRequire } from 'node:module';

/** The part of kafkajs's queue of requests, one for each connection, that is mended here. */
interface RequestQueue {
  readonly pending: { readonly length: number };
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

/** kafkajs's own pause between two looks at requests that wait for others. */
const CHECK_MS = 10;

const require = createRequire(import.meta.url);
const { prototype }: { prototype: { scheduleCheckPendingRequests(this: RequestQueue): void } } =
  require('kafkajs/src/network/requestQueue');
const scheduleByKafkajs = prototype.scheduleCheckPendingRequests;

/**
 * kafkajs 2.2.4 sets a timer of a negative time whenever nothing waits, and again when it fires: a thousand times a second on
 * each idle connection, and at times for ever on one that was closed. With this it only sets one while requests wait. For the whole
 * process or thread; may be called again.
 */
export function quietRequestQueue(): void {
  prototype.scheduleCheckPendingRequests = scheduleCheck;
}

/** Gives kafkajs its own timers back. */
export function restoreRequestQueue(): void {
  prototype.scheduleCheckPendingRequests = scheduleByKafkajs;
}

function scheduleCheck(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const waitMs = Math.max(CHECK_MS, this.throttledUntil - Date.now());
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, waitMs);
}
