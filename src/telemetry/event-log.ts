import type { Event } from '../domain/event.js';
import type { ChangeFeed } from '../domain/ports.js';
import type { Log } from './log.js';

/** Logs what happens to tasks. The event's own message may quote what is secret, so it stays in the history. */
export function logEvents(feed: ChangeFeed, log: Log): void {
  feed.subscribe((change) => {
    if (change.type === 'event') tell(log, change.event);
  });
}

function tell(log: Log, event: Event): void {
  const { task, user, executionNumber, epoch, reason, actor, fromState, toState, sequence } = event;
  const fields = {
    task,
    user,
    ...(executionNumber === undefined ? {} : { execution: executionNumber }),
    ...(epoch > 0 ? { epoch } : {}),
    reason,
    actor,
    ...(toState === undefined ? {} : { from: fromState, to: toState }),
    sequence,
  };
  if (event.severity === 'INFO') log.info(fields, 'event');
  else log.warn(fields, 'event');
}
