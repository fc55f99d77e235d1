import type { Counters } from '../domain/execution.js';
import type { Page, TaskTally } from '../domain/ports.js';
import type { State } from '../domain/state.js';
import type { Connection, Row } from './connection.js';
import { integer, json, pageLimit, text } from './rows.js';

const pageOfTallies = (filter: string) => `
SELECT t.id, t.user, t.name, e.number, e.state, e.restart_count, e.progress -> '$.counters' AS counters,
  coalesce(s.records_in, 0) AS records_in, coalesce(s.records_out, 0) AS records_out,
  coalesce(s.records_dead_lettered, 0) AS records_dead_lettered,
  coalesce(s.records_skipped, 0) AS records_skipped, coalesce(s.restarts, 0) AS restarts
FROM tasks t
LEFT JOIN task_totals s ON s.task_id = t.id
LEFT JOIN executions e ON e.task_id = t.id
  AND e.number = (SELECT max(number) FROM executions WHERE task_id = t.id)
WHERE t.id > ? ${filter} ORDER BY t.id LIMIT ?`;
const ofAll = pageOfTallies('');
const ofUser = pageOfTallies('AND t.user = ?');
/** Before an execution is inserted: what was the newest one until now is settled, and goes into the totals. */
const settle = `
INSERT INTO task_totals
SELECT task_id, progress ->> '$.counters.recordsIn', progress ->> '$.counters.recordsOut',
  progress ->> '$.counters.recordsDeadLettered', progress ->> '$.counters.recordsSkipped', restart_count
FROM executions WHERE task_id = ? ORDER BY number DESC LIMIT 1
ON CONFLICT (task_id) DO UPDATE SET
  records_in = records_in + excluded.records_in, records_out = records_out + excluded.records_out,
  records_dead_lettered = records_dead_lettered + excluded.records_dead_lettered,
  records_skipped = records_skipped + excluded.records_skipped, restarts = restarts + excluded.restarts`;

/** A page of tallies, in the order of the tasks' ids; of one user's tasks or of all. */
export async function listTallies(
  connection: Connection,
  user: string | undefined,
  { after = 0, limit }: Page<number>,
): Promise<TaskTally[]> {
  const rows =
    user === undefined
      ? await connection.all(ofAll, [after, pageLimit(limit)])
      : await connection.all(ofUser, [after, user, pageLimit(limit)]);
  return rows.map(tallyFromRow);
}

/** Adds the newest execution of a task to its totals; to be called once, before the next one is inserted. */
export async function settleNewest(connection: Connection, taskId: number): Promise<void> {
  await connection.run(settle, [taskId]);
}

function tallyFromRow(row: Row): TaskTally {
  const settled = {
    recordsIn: integer(row, 'records_in'),
    recordsOut: integer(row, 'records_out'),
    recordsDeadLettered: integer(row, 'records_dead_lettered'),
    recordsSkipped: integer(row, 'records_skipped'),
  };
  return {
    taskId: integer(row, 'id'),
    user: text(row, 'user'),
    name: text(row, 'name'),
    settled: { counters: settled, restarts: integer(row, 'restarts') },
    ...(row.number === null ? {} : { newest: newestFromRow(row) }),
  };
}

function newestFromRow(row: Row): NonNullable<TaskTally['newest']> {
  return {
    number: integer(row, 'number'),
    state: text(row, 'state') as State,
    restarts: integer(row, 'restart_count'),
    counters: json<Counters>(row, 'counters'),
  };
}
