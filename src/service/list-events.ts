import type { Event } from '../domain/event.js';
import { Faults } from '../domain/faults.js';
import { parseTaskName } from '../domain/names.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import type { Caller } from '../domain/user.js';
import { findTask } from './access.js';
import type { Room } from './deps.js';

export interface ListEventsRequest {
  /** `users/{user}/tasks/{task}`. */
  readonly parent: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
  /** Only events with a greater sequence. */
  readonly afterSequence?: number;
}

export interface EventPage {
  readonly events: readonly Event[];
  readonly nextPageToken: string;
}

/** Lists the history of a task, newest last. */
export function listEvents(room: Room) {
  return async (caller: Caller, request: ListEventsRequest): Promise<EventPage> => {
    const { parent, afterSequence = 0 } = request;
    const faults = new Faults();
    const name = faults.try(() => parseTaskName(parent, 'parent'));
    const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
    const mark = ['events', parent, afterSequence];
    const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, ['number']));
    if (!Number.isSafeInteger(afterSequence) || afterSequence < 0) {
      faults.add('after_sequence', 'OUT_OF_RANGE', 'Give a sequence that was seen, or 0.');
    }
    faults.throwIfAny();
    const task = await findTask(room.store, caller, name ?? { user: '', task: '' });
    const after = Number(key?.[0] ?? afterSequence);
    const rows = await room.store.listEvents(task.id, { after, limit: limit + 1 });
    const events = rows.slice(0, limit);
    const last = rows.length > limit ? events.at(-1) : undefined;
    return { events, nextPageToken: last ? pageToken(mark, [last.sequence]) : '' };
  };
}
