import { mapSecrets } from '../domain/spec-secrets.js';
import type { TaskSpec } from '../domain/task.js';
import type { Vault } from '../secrets/vault.js';
import type { Connection, Row } from './connection.js';
import { integer, only, text } from './rows.js';

const insert = 'INSERT INTO specs (task_id, body) VALUES (?, ?) RETURNING id';
const byId = 'SELECT task_id, id AS spec_id, body FROM specs WHERE id = ?';
const removeUnused = `
DELETE FROM specs WHERE task_id = ?
  AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.spec_id = specs.id)
  AND NOT EXISTS (SELECT 1 FROM executions WHERE executions.spec_id = specs.id)`;

/** Stores a spec, its secrets sealed, and answers the number of its row. */
export async function insertSpec(
  connection: Connection,
  vault: Vault,
  { taskId, spec }: { readonly taskId: number; readonly spec: TaskSpec },
): Promise<number> {
  const body = JSON.stringify(sealSpec(vault, placeOf(taskId), spec));
  const [row] = await connection.all(insert, [taskId, body]);
  if (row === undefined) throw new Error('The spec was not stored.');
  return integer(row, 'id');
}

/** The row that holds a spec: `known` if that one says the same, a new one otherwise. */
export async function keepSpec(
  connection: Connection,
  vault: Vault,
  wanted: { readonly taskId: number; readonly spec: TaskSpec; readonly known: number },
): Promise<number> {
  const stored = only(await connection.all(byId, [wanted.known]), specReader(vault));
  if (JSON.stringify(stored) === JSON.stringify(wanted.spec)) return wanted.known;
  return await insertSpec(connection, vault, wanted);
}

/** Drops the specs of a task that neither it nor an execution refers to. */
export async function dropUnusedSpecs(connection: Connection, taskId: number): Promise<void> {
  await connection.run(removeUnused, [taskId]);
}

export type SpecReader = (row: Row) => TaskSpec;

/**
 * Reads the spec of rows with the columns `task_id`, `spec_id` and `body`. One reader serves the rows of one query:
 * it parses and unseals a spec that many rows share only once.
 */
export function specReader(vault: Vault): SpecReader {
  const read = new Map<number, TaskSpec>();
  return (row) => {
    const id = integer(row, 'spec_id');
    const known = read.get(id);
    if (known) return known;
    const sealed = JSON.parse(text(row, 'body')) as TaskSpec;
    const spec = unsealSpec(vault, placeOf(integer(row, 'task_id')), sealed);
    read.set(id, spec);
    return spec;
  };
}

/** A spec with its secrets sealed and bound to `place`, such as `tasks/7`, so that they open nowhere else. */
export function sealSpec(vault: Vault, place: string, spec: TaskSpec): TaskSpec {
  return mapSecrets(spec, (secret, field) => vault.seal(secret, `${place}/source.${field}`));
}

/** The spec that was sealed for this place. */
export function unsealSpec(vault: Vault, place: string, spec: TaskSpec): TaskSpec {
  return mapSecrets(spec, (sealed, field) => vault.unseal(sealed, `${place}/source.${field}`));
}

function placeOf(taskId: number): string {
  return `tasks/${taskId}`;
}
