import type { ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const LOWER = constants.priority.PRIORITY_BELOW_NORMAL;
/** Linux lets unprivileged processes change the weight of a session every 100 ms, all of them together. */
const RETRY_MS = 150;
const TRIES_MOST = 20;

type Process = Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode'>;

/**
 * Lets a process with a session of its own yield to this one: while all cores predict, the service still answers soon. On an idle
 * core it changes nothing, and where it is forbidden predicting goes on as fast.
 */
export function lowerPriority(child: Process): void {
  for (const id of threadsOf(child.pid)) {
    try {
      setPriority(id, LOWER);
    } catch {
      // It is not allowed, or the thread is gone.
    }
  }
  lowerSession(child, TRIES_MOST);
}

/** Linux gives each thread a priority of its own, other systems the process. */
function threadsOf(processId: number | undefined): number[] {
  if (processId === undefined) return [];
  try {
    return readdirSync(`/proc/${processId}/task`).map(Number);
  } catch {
    return [processId];
  }
}

/** Linux may weigh whole sessions against each other (autogroup); priorities only count within them. */
function lowerSession(child: Process, triesLeft: number): void {
  // Its id may be another's by now.
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    writeFileSync(`/proc/${child.pid}/autogroup`, String(LOWER));
  } catch (error) {
    const isTooSoon = (error as NodeJS.ErrnoException).code === 'EAGAIN';
    if (!isTooSoon || triesLeft === 0) return;
    setTimeout(() => lowerSession(child, triesLeft - 1), RETRY_MS).unref();
  }
}
