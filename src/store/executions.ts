import { DomainError } from '../domain/errors.js';
import type { Execution } from '../domain/execution.js';
import type { ExecutionSpan, Reads, Writes } from '../domain/ports.js';
import type { Scoring } from '../domain/scoring.js';
import type { State } from '../domain/state.js';
import type { Suspects } from '../domain/suspects.js';
import type { Vault } from '../secrets/vault.js';
import type { Connection, Row, SqlValue } from './connection.js';
import { insertSql, integer, json, only, optionalInteger, pageLimit, text } from './rows.js';
import { dropUnusedSpecs, keepSpec, type SpecReader, specReader } from './specs.js';
import { listTallies, settleNewest } from './tallies.js';

type ExecutionReads = Pick<
  Reads,
  | 'executionById'
  | 'executionByUid'
  | 'executionByNumber'
  | 'newestExecution'
  | 'listExecutions'
  | 'listExecutionsOfUser'
  | 'executionsContinuing'
  | 'activeExecutions'
  | 'executionSpans'
  | 'listTallies'
>;
type ExecutionWrites = Pick<
  Writes,
  'insertExecution' | 'updateExecution' | 'updateProgress' | 'deleteExecutions'
>;

const select = 'SELECT e.*, s.body FROM executions e JOIN specs s ON s.id = e.spec_id WHERE';
const byId = `${select} e.id = ?`;
const byUid = `${select} e.uid = ?`;
const byNumber = `${select} e.task_id = ? AND e.number = ?`;
const newest = `${select} e.task_id = ? ORDER BY e.number DESC LIMIT 1`;
const pageOfTask = `${select} e.task_id = ? AND e.number < ? ORDER BY e.number DESC LIMIT ?`;
const inStates = 'AND e.state IN (SELECT value FROM json_each(?))';
const pageOfUser = (filter: string) =>
  `${select} e.user = ? AND e.id < ? ${filter} ORDER BY e.id DESC LIMIT ?`;
const pageOfAll = (filter: string) => `${select} e.id < ? ${filter} ORDER BY e.id DESC LIMIT ?`;
const continuing = `${select} e.continues = ? ORDER BY e.id`;
/** In the words of the index executions_active, or SQLite would not use it. */
const active = `${select}
  e.state NOT IN ('COMPLETED', 'COMPLETED_WITH_WARNINGS', 'CANCELLED', 'FAILED') ORDER BY e.id`;
/** Each number is the end of an index, or what a walk over old rows only comes to. */
const spans = `
SELECT * FROM (SELECT t.id AS task_id,
  (SELECT min(number) FROM executions WHERE task_id = t.id) AS oldest,
  (SELECT max(number) FROM executions WHERE task_id = t.id) AS newest,
  (SELECT number FROM executions WHERE task_id = t.id AND (ended_at IS NULL OR ended_at >= ?)
    ORDER BY number LIMIT 1) AS first_young
  FROM tasks t WHERE t.id > ?)
WHERE oldest IS NOT NULL ORDER BY task_id LIMIT ?`;
const remove = `
DELETE FROM executions
WHERE task_id = ? AND number BETWEEN ? AND ? AND ended_at IS NOT NULL`;
const columns = [
  'id',
  'uid',
  'task_id',
  'number',
  'user',
  'state',
  'reason',
  'message',
  'state_at',
  'epoch',
  'generation',
  'spec_id',
  'actor',
  'created_at',
  'started_at',
  'ended_at',
  'last_error',
  'restart_count',
  'restarts_in_row',
  'next_restart_at',
  'termination',
  'continues',
  'progress',
  'scoring',
  'suspects',
];
const insert = insertSql('executions', columns);
/**
 * The row of the newest execution of a task `t`, as JSON: one value costs Node less than one for each column. The body of
 * the spec is left out where it is that of the task.
 */
export const newestOfTask = `(
  SELECT json_object(${columns.map((name) => `'${name}', e.${name}`).join(', ')},
    'body', iif(e.spec_id = t.spec_id, NULL, (SELECT body FROM specs WHERE id = e.spec_id)))
  FROM executions e WHERE e.task_id = t.id ORDER BY e.number DESC LIMIT 1)`;
/** Refuses what an older runner caused, and leaves a change of the spec to the slower way. */
const update = `
UPDATE executions SET state = $state, reason = $reason, message = $message, state_at = $state_at,
  epoch = $epoch, actor = $actor, started_at = $started_at, ended_at = $ended_at,
  last_error = $last_error, restart_count = $restart_count, restarts_in_row = $restarts_in_row,
  next_restart_at = $next_restart_at, termination = $termination, continues = $continues,
  progress = $progress, scoring = $scoring,
  suspects = $suspects
WHERE id = $id AND epoch <= $epoch AND generation = $generation`;
const updateSpec = 'UPDATE executions SET generation = ?, spec_id = ? WHERE id = ?';
const updateProgress = 'UPDATE executions SET progress = ? WHERE id = ? AND epoch = ?';
const held = 'SELECT epoch, generation, spec_id FROM executions WHERE id = ?';
const ofTask = 'SELECT user, spec_id FROM tasks WHERE id = ?';

/** After every number and id. */
const beyondAll = Number.MAX_SAFE_INTEGER;

/** Reads of executions. */
export function executionReads(connection: Connection, vault: Vault): ExecutionReads {
  const all = async (sql: string, parameters: readonly SqlValue[]) =>
    (await connection.all(sql, parameters)).map(executionReader(specReader(vault)));
  const one = async (sql: string, parameters: readonly SqlValue[]) =>
    only(await connection.all(sql, parameters), executionReader(specReader(vault)));
  return {
    executionById: (id) => one(byId, [id]),
    executionByUid: (uid) => one(byUid, [uid]),
    executionByNumber: (taskId, number) => one(byNumber, [taskId, number]),
    newestExecution: (taskId) => one(newest, [taskId]),
    listExecutions: (taskId, { after = beyondAll, limit }) =>
      all(pageOfTask, [taskId, after, pageLimit(limit)]),
    listExecutionsOfUser: (user, { after = beyondAll, limit }, states) => {
      const filter = states === undefined ? '' : inStates;
      const wanted = states === undefined ? [] : [JSON.stringify(states)];
      const page = [after, ...wanted, pageLimit(limit)];
      return user === undefined
        ? all(pageOfAll(filter), page)
        : all(pageOfUser(filter), [user, ...page]);
    },
    executionsContinuing: (id) => all(continuing, [id]),
    activeExecutions: () => all(active, []),
    executionSpans: async ({ after = 0, limit }, oldBefore) =>
      (await connection.all(spans, [oldBefore, after, pageLimit(limit)])).map(spanFromRow),
    listTallies: (user, page) => listTallies(connection, user, page),
  };
}

/** Writes of executions. Id, uid, task, number and time of creation never change. */
export function executionWrites(connection: Connection, vault: Vault): ExecutionWrites {
  return {
    async insertExecution(execution) {
      const { taskId, spec } = execution;
      const [task] = await connection.all(ofTask, [taskId]);
      if (task === undefined) throw new DomainError('TASK_NOT_FOUND');
      const known = integer(task, 'spec_id');
      const specId = await keepSpec(connection, vault, { taskId, spec, known });
      await settleNewest(connection, taskId);
      await connection.run(insert, {
        ...fixedColumns(execution),
        $user: text(task, 'user'),
        $spec_id: specId,
        ...changingColumns(execution),
      });
    },
    async updateExecution(execution) {
      const columns = { $id: execution.id, ...changingColumns(execution) };
      if ((await connection.run(update, columns)) === 1) return;
      await moveToGeneration(connection, vault, execution);
      await connection.run(update, columns);
    },
    async updateProgress(executions) {
      for (const { id, epoch, progress } of executions) {
        await connection.run(updateProgress, [JSON.stringify(progress), id, epoch]);
      }
    },
    async deleteExecutions(taskId, from, to) {
      const deleted = await connection.run(remove, [taskId, from, to]);
      if (deleted > 0) await dropUnusedSpecs(connection, taskId);
      return deleted;
    },
  };
}

function spanFromRow(row: Row): ExecutionSpan {
  return {
    taskId: integer(row, 'task_id'),
    oldest: integer(row, 'oldest'),
    newest: integer(row, 'newest'),
    ...optionalInteger(row, 'first_young', 'firstYoung'),
  };
}

/** Lets an execution run another generation of the spec, after telling apart why an update met no row. */
async function moveToGeneration(
  connection: Connection,
  vault: Vault,
  execution: Execution,
): Promise<void> {
  const [row] = await connection.all(held, [execution.id]);
  if (row === undefined) throw new DomainError('EXECUTION_NOT_FOUND');
  const epoch = integer(row, 'epoch');
  if (epoch > execution.epoch) {
    throw new Error(
      `Execution ${execution.id} is at epoch ${epoch}; a write of epoch ${execution.epoch} is stale.`,
    );
  }
  const { id, taskId, generation, spec } = execution;
  const known = integer(row, 'spec_id');
  const specId = await keepSpec(connection, vault, { taskId, spec, known });
  await connection.run(updateSpec, [generation, specId, id]);
  if (specId !== known) await dropUnusedSpecs(connection, taskId);
}

function fixedColumns(execution: Execution) {
  return {
    $id: execution.id,
    $uid: execution.uid,
    $task_id: execution.taskId,
    $number: execution.number,
    $created_at: execution.createdAt,
  };
}

function changingColumns(execution: Execution) {
  const { termination } = execution;
  return {
    $state: execution.state,
    $reason: execution.reason,
    $message: execution.message,
    $state_at: execution.stateAt,
    $epoch: execution.epoch,
    $generation: execution.generation,
    $actor: execution.actor,
    $started_at: execution.startedAt ?? null,
    $ended_at: execution.endedAt ?? null,
    $last_error: execution.lastError,
    $restart_count: execution.restartCount,
    $restarts_in_row: execution.restartsInRow,
    $next_restart_at: execution.nextRestartAt ?? null,
    $termination: termination === undefined ? null : JSON.stringify(termination),
    $continues: execution.continues ?? null,
    $progress: JSON.stringify(execution.progress),
    $suspects: execution.suspects === undefined ? null : JSON.stringify(execution.suspects),
    $scoring: execution.scoring === undefined ? null : JSON.stringify(execution.scoring),
  };
}

/** Reads rows with the columns of an execution and those that `readSpec` needs. */
export function executionReader(readSpec: SpecReader): (row: Row) => Execution {
  // What every execution has comes first: spreads in between would make it a slow dictionary in V8.
  return (row) => ({
    id: integer(row, 'id'),
    uid: text(row, 'uid'),
    taskId: integer(row, 'task_id'),
    number: integer(row, 'number'),
    state: text(row, 'state') as State,
    reason: text(row, 'reason'),
    message: text(row, 'message'),
    stateAt: integer(row, 'state_at'),
    epoch: integer(row, 'epoch'),
    generation: integer(row, 'generation'),
    spec: readSpec(row),
    actor: text(row, 'actor'),
    createdAt: integer(row, 'created_at'),
    lastError: text(row, 'last_error'),
    restartCount: integer(row, 'restart_count'),
    restartsInRow: integer(row, 'restarts_in_row'),
    progress: json(row, 'progress'),
    ...optionalInteger(row, 'started_at', 'startedAt'),
    ...optionalInteger(row, 'ended_at', 'endedAt'),
    ...optionalInteger(row, 'next_restart_at', 'nextRestartAt'),
    ...optionalInteger(row, 'continues', 'continues'),
    ...(row.termination === null ? {} : { termination: json(row, 'termination') }),
    ...(row.suspects === null ? {} : { suspects: json<Suspects>(row, 'suspects') }),
    ...(row.scoring === null ? {} : { scoring: json<Scoring>(row, 'scoring') }),
  });
}
