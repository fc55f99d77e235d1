import { DomainError } from '../domain/errors.js';
import type { Reads, TaskOrder, TaskQuery, TaskWithNewest, Writes } from '../domain/ports.js';
import type { Scoring } from '../domain/scoring.js';
import type { Task } from '../domain/task.js';
import { taskResourceName } from '../domain/task.js';
import type { Vault } from '../secrets/vault.js';
import type { Connection, Row, SqlValue } from './connection.js';
import { executionReader, newestOfTask } from './executions.js';
import { insertSql, integer, json, only, pageLimit, text } from './rows.js';
import { dropUnusedSpecs, insertSpec, keepSpec, type SpecReader, specReader } from './specs.js';

type TaskReads = Pick<
  Reads,
  | 'taskByName'
  | 'taskById'
  | 'taskByUid'
  | 'listTasks'
  | 'taskWithNewest'
  | 'listTasksWithNewest'
  | 'countTasks'
  | 'tasksUsingModel'
>;
type TaskWrites = Pick<Writes, 'insertTask' | 'updateTask' | 'deleteTask'>;

const selected = (also: string) =>
  `SELECT t.*, t.id AS task_id, s.body${also} FROM tasks t JOIN specs s ON s.id = t.spec_id WHERE`;
const select = selected('');
const selectWithNewest = selected(`, ${newestOfTask} AS newest`);
const byName = `${select} t.user = ? AND t.name = ?`;
const byNameWithNewest = `${selectWithNewest} t.user = ? AND t.name = ?`;
const byId = `${select} t.id = ?`;
const byUid = `${select} t.uid = ?`;
/** Only tasks whose models were changed have more than one: few enough to look at each. */
const byModel = `${select} t.user = $user AND (t.model = $model OR t.scoring IS NOT NULL AND $model IN (
  t.scoring ->> '$.shadow.name', t.scoring ->> '$.previous.name')) ORDER BY t.id LIMIT $limit`;
const count = 'SELECT count(*) AS count FROM tasks WHERE user = ?';
const insert = insertSql('tasks', [
  'id',
  'uid',
  'user',
  'name',
  'version',
  'generation',
  'display_name',
  'labels',
  'annotations',
  'desired',
  'created_at',
  'updated_at',
  'model',
  'spec_id',
  'scoring',
]);
const update = `
UPDATE tasks SET version = $version, generation = $generation, display_name = $display_name,
  labels = $labels, annotations = $annotations, desired = $desired, updated_at = $updated_at,
  model = $model, spec_id = $spec_id, scoring = $scoring
WHERE id = $id`;
const specOf = 'SELECT spec_id FROM tasks WHERE id = ?';
const removeExecutions = 'DELETE FROM executions WHERE task_id = ?';
const remove = 'DELETE FROM tasks WHERE id = ?';
const insertCounter =
  'INSERT INTO event_counters (task_id, task, user, last, trimmed) VALUES (?, ?, ?, 0, 0)';

/** Reads of tasks. */
export function taskReads(connection: Connection, vault: Vault): TaskReads {
  const all = async (sql: string, parameters: readonly SqlValue[]) =>
    (await connection.all(sql, parameters)).map(taskReader(specReader(vault)));
  const one = async (sql: string, parameters: readonly SqlValue[]) =>
    only(await connection.all(sql, parameters), taskReader(specReader(vault)));
  return {
    taskByName: (user, name) => one(byName, [user, name]),
    taskById: (id) => one(byId, [id]),
    taskByUid: (uid) => one(byUid, [uid]),
    async listTasks(query) {
      const { sql, parameters } = listStatement(select, query);
      return await all(sql, parameters);
    },
    async taskWithNewest(user, name) {
      const rows = await connection.all(byNameWithNewest, [user, name]);
      return only(rows, withNewestReader(vault));
    },
    async listTasksWithNewest(query) {
      const { sql, parameters } = listStatement(selectWithNewest, query);
      return (await connection.all(sql, parameters)).map(withNewestReader(vault));
    },
    countTasks: async (user) =>
      only(await connection.all(count, [user]), (row) => integer(row, 'count')) ?? 0,
    tasksUsingModel: (user, model, limit) => all(byModel, [user, model, pageLimit(limit)]),
  };
}

/** Writes of tasks. Id, uid, user, name and time of creation never change. */
export function taskWrites(connection: Connection, vault: Vault): TaskWrites {
  return {
    async insertTask(task) {
      const specId = await insertSpec(connection, vault, { taskId: task.id, spec: task.spec });
      const { id, uid, user, name, createdAt } = task;
      const row = { $id: id, $uid: uid, $user: user, $name: name, $created_at: createdAt };
      await connection.run(insert, { ...row, ...changingColumns(task, specId) });
      await connection.run(insertCounter, [id, taskResourceName(task), user]);
    },
    async updateTask(task) {
      const known = only(await connection.all(specOf, [task.id]), (row) => integer(row, 'spec_id'));
      if (known === undefined) throw new DomainError('TASK_NOT_FOUND');
      const wanted = { taskId: task.id, spec: task.spec, known };
      const specId = await keepSpec(connection, vault, wanted);
      await connection.run(update, { $id: task.id, ...changingColumns(task, specId) });
      if (specId !== known) await dropUnusedSpecs(connection, task.id);
    },
    async deleteTask(id) {
      await connection.run(removeExecutions, [id]);
      await connection.run(remove, [id]);
      await dropUnusedSpecs(connection, id);
    },
  };
}

const orderColumns: Readonly<Record<TaskOrder, string>> = {
  name: 't.name',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
};

/** A keyset page: the rows beyond (sort value, id) of the last one, which an index finds at once. */
function listStatement(selection: string, query: TaskQuery) {
  const column = orderColumns[query.order];
  const direction = query.descending ? 'DESC' : 'ASC';
  const beyond = query.descending ? '<' : '>';
  const conditions: string[] = [];
  const parameters: SqlValue[] = [];
  if (query.user !== undefined) {
    conditions.push('t.user = ?');
    parameters.push(query.user);
  }
  if (query.after !== undefined) {
    conditions.push(`(${column}, t.id) ${beyond} (?, ?)`);
    parameters.push(query.after.value, query.after.id);
  }
  const where = conditions.length === 0 ? 'TRUE' : conditions.join(' AND ');
  const order = `ORDER BY ${column} ${direction}, t.id ${direction} LIMIT ?`;
  parameters.push(pageLimit(query.limit));
  return { sql: `${selection} ${where} ${order}`, parameters };
}

function changingColumns(task: Task, specId: number) {
  return {
    $version: task.version,
    $generation: task.generation,
    $display_name: task.displayName,
    $labels: JSON.stringify(task.labels),
    $annotations: JSON.stringify(task.annotations),
    $desired: task.desired,
    $updated_at: task.updatedAt,
    $model: task.spec.predictor.type === 'onnx' ? task.spec.predictor.model : null,
    $spec_id: specId,
    $scoring: task.scoring === undefined ? null : JSON.stringify(task.scoring),
  };
}

/** The task first: the row of an execution with the same spec has no body of its own. */
function withNewestReader(vault: Vault): (row: Row) => TaskWithNewest {
  const readSpec = specReader(vault);
  const readTask = taskReader(readSpec);
  const readExecution = executionReader(readSpec);
  return (row) => {
    const task = readTask(row);
    return row.newest === null ? { task } : { task, newest: readExecution(json(row, 'newest')) };
  };
}

function taskReader(readSpec: SpecReader): (row: Row) => Task {
  return (row) => ({
    id: integer(row, 'id'),
    uid: text(row, 'uid'),
    user: text(row, 'user'),
    name: text(row, 'name'),
    version: integer(row, 'version'),
    generation: integer(row, 'generation'),
    displayName: text(row, 'display_name'),
    labels: json(row, 'labels'),
    annotations: json(row, 'annotations'),
    spec: readSpec(row),
    desired: text(row, 'desired') as Task['desired'],
    createdAt: integer(row, 'created_at'),
    updatedAt: integer(row, 'updated_at'),
    ...(row.scoring === null ? {} : { scoring: json<Scoring>(row, 'scoring') }),
  });
}
