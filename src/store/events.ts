import { DomainError } from '../domain/errors.js';
import type { Event, EventDraft } from '../domain/event.js';
import type { Reads, Writes } from '../domain/ports.js';
import type { State } from '../domain/state.js';
import type { Connection, Row } from './connection.js';
import {
  insertSql,
  integer,
  only,
  optionalInteger,
  optionalText,
  pageLimit,
  text,
} from './rows.js';

type EventReads = Pick<Reads, 'listEvents' | 'eventsAfter' | 'eventBounds'>;
type EventWrites = Pick<Writes, 'appendEvent' | 'trimEvents'>;

const pageOfTask =
  'SELECT * FROM events WHERE task_id = ? AND sequence > ? ORDER BY sequence LIMIT ?';
/** Ids only grow: a task that is older than its user was another one's of the same name. */
const pageOfUser = `
SELECT * FROM events WHERE user = ?1 AND sequence > ?2
  AND task_id >= (SELECT id FROM users WHERE name = ?1) ORDER BY sequence LIMIT ?3`;
const pageOfAll = 'SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?';
const bounds = `
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) AS last,
  (SELECT value FROM sequence WHERE name = 'event_trimmed') AS trimmed`;
/** The counter outlives its task; the last line of a history is that the task was deleted. */
const nextNumber = `UPDATE event_counters SET last = last + 1
WHERE task_id = ? AND EXISTS (SELECT 1 FROM tasks WHERE id = event_counters.task_id)
RETURNING last, task, user`;
const insert = `${insertSql('events', [
  'task_id',
  'number',
  'task',
  'user',
  'execution_number',
  'at',
  'actor',
  'reason',
  'message',
  'severity',
  'from_state',
  'to_state',
  'epoch',
])} RETURNING sequence`;

const tooMany = 'SELECT task_id, last, trimmed FROM event_counters WHERE last - trimmed > ?';
const sequenceOf = 'SELECT sequence FROM events WHERE task_id = ? AND number = ?';
const removeUpTo = 'DELETE FROM events WHERE task_id = ? AND number <= ?';
const firstSince = 'SELECT sequence FROM events WHERE at >= ? ORDER BY sequence LIMIT 1';
const firstAfterMost = 'SELECT sequence FROM events ORDER BY sequence LIMIT 1 OFFSET ?';
const oldByTask =
  'SELECT task_id, max(number) AS number FROM events WHERE sequence < ? GROUP BY task_id';
const removeBefore = 'DELETE FROM events WHERE sequence < ?';
const markTrimmed = 'UPDATE event_counters SET trimmed = ? WHERE task_id = ?';
const moveBound = "UPDATE sequence SET value = max(value, ?) WHERE name = 'event_trimmed'";
const dropCounters = `
DELETE FROM event_counters
WHERE last - trimmed = 0 AND NOT EXISTS (SELECT 1 FROM tasks WHERE id = event_counters.task_id)`;

/** Reads of history. */
export function eventReads(connection: Connection): EventReads {
  return {
    listEvents: async (taskId, { after = 0, limit }) =>
      (await connection.all(pageOfTask, [taskId, after, pageLimit(limit)])).map(eventFromRow),
    eventsAfter: async (sequence, user, limit) =>
      (user === undefined
        ? await connection.all(pageOfAll, [sequence, pageLimit(limit)])
        : await connection.all(pageOfUser, [user, sequence, pageLimit(limit)])
      ).map(eventFromRow),
    /**
     * `first` is the number from which on nothing was dropped, so that who resumes behind it misses nothing. When all
     * was dropped it is one more than `last`; both are 0 only if nothing ever happened.
     */
    async eventBounds() {
      const row = only(await connection.all(bounds), (found) => found);
      const last = row === undefined ? 0 : integer(row, 'last');
      return { first: row === undefined || last === 0 ? 0 : integer(row, 'trimmed') + 1, last };
    },
  };
}

/** Writes of history. */
export function eventWrites(connection: Connection): EventWrites {
  return {
    async appendEvent(draft) {
      const [counter] = await connection.all(nextNumber, [draft.taskId]);
      if (counter === undefined) throw new DomainError('TASK_NOT_FOUND');
      const event = {
        ...draft,
        number: integer(counter, 'last'),
        task: text(counter, 'task'),
        user: text(counter, 'user'),
      };
      const [row] = await connection.all(insert, eventToRow(event));
      if (row === undefined) throw new Error('The event was not stored.');
      return { ...event, sequence: integer(row, 'sequence') };
    },
    async trimEvents(keepPerTask, before, most = Number.MAX_SAFE_INTEGER) {
      const tooMany = await trimByCount(connection, keepPerTask, most);
      const tooOld = await trimByAge(connection, before, most - tooMany);
      await connection.run(dropCounters);
      return tooMany + tooOld;
    },
  };
}

async function trimByCount(
  connection: Connection,
  keepPerTask: number,
  most: number,
): Promise<number> {
  let trimmed = 0;
  for (const counter of await connection.all(tooMany, [pageLimit(keepPerTask)])) {
    if (trimmed === most) break;
    const taskId = integer(counter, 'task_id');
    const excess = integer(counter, 'last') - keepPerTask;
    const upTo = Math.min(excess, integer(counter, 'trimmed') + most - trimmed);
    const [newest] = await connection.all(sequenceOf, [taskId, upTo]);
    if (newest !== undefined) await connection.run(moveBound, [integer(newest, 'sequence')]);
    trimmed += await connection.run(removeUpTo, [taskId, upTo]);
    await connection.run(markTrimmed, [upTo, taskId]);
  }
  return trimmed;
}

/** Drops from the beginning up to the first one that is young enough, so that a clock set back leaves no hole. */
async function trimByAge(connection: Connection, before: number, most: number): Promise<number> {
  const { last } = await eventReads(connection).eventBounds();
  const [young] = await connection.all(firstSince, [before]);
  const [beyond] = await connection.all(firstAfterMost, [most]);
  const ends = [young, beyond].flatMap((row) => (row ? integer(row, 'sequence') : []));
  const end = Math.min(last + 1, ...ends);
  const tasks = await connection.all(oldByTask, [end]);
  if (tasks.length === 0) return 0;
  for (const task of tasks) {
    await connection.run(markTrimmed, [integer(task, 'number'), integer(task, 'task_id')]);
  }
  await connection.run(moveBound, [end - 1]);
  return await connection.run(removeBefore, [end]);
}

function eventToRow(event: EventDraft & Pick<Event, 'number' | 'task' | 'user'>) {
  return {
    $task_id: event.taskId,
    $number: event.number,
    $task: event.task,
    $user: event.user,
    $execution_number: event.executionNumber ?? null,
    $at: event.at,
    $actor: event.actor,
    $reason: event.reason,
    $message: event.message,
    $severity: event.severity,
    $from_state: event.fromState ?? null,
    $to_state: event.toState ?? null,
    $epoch: event.epoch,
  };
}

function eventFromRow(row: Row): Event {
  return {
    sequence: integer(row, 'sequence'),
    taskId: integer(row, 'task_id'),
    number: integer(row, 'number'),
    task: text(row, 'task'),
    user: text(row, 'user'),
    ...optionalInteger(row, 'execution_number', 'executionNumber'),
    at: integer(row, 'at'),
    actor: text(row, 'actor'),
    reason: text(row, 'reason'),
    message: text(row, 'message'),
    severity: text(row, 'severity') as Event['severity'],
    ...(optionalText(row, 'from_state', 'fromState') as { fromState?: State }),
    ...(optionalText(row, 'to_state', 'toState') as { toState?: State }),
    epoch: integer(row, 'epoch'),
  };
}
