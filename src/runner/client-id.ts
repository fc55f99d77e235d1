import type { StartMessage } from './messages.js';

/** Begins the client id of every group member of a task, whichever runner it was in. */
export function clientIdPrefix({ taskUid }: Pick<StartMessage, 'taskUid'>): string {
  return `predictd-${taskUid.replaceAll('-', '').slice(0, 16)}-`;
}

/** Client id of one thread's member; older runners of the task have another epoch in it. */
export function clientIdOf(
  start: Pick<StartMessage, 'taskUid' | 'executionNumber' | 'epoch'>,
  index: number,
): string {
  return `${runnerIdPrefix(start)}t${index}`;
}

/** Begins the client ids of one runner. */
export function runnerIdPrefix(
  start: Pick<StartMessage, 'taskUid' | 'executionNumber' | 'epoch'>,
): string {
  return `${clientIdPrefix(start)}x${start.executionNumber}e${start.epoch}-`;
}
