import type { Reads, Writes } from '../domain/ports.js';
import type { Target } from '../domain/target.js';
import type { TaskSpec } from '../domain/task.js';
import type { Vault } from '../secrets/vault.js';
import type { Connection, Row } from './connection.js';
import { insertSql, integer, json, only, pageLimit, text } from './rows.js';
import { sealSpec, unsealSpec } from './specs.js';

type TargetReads = Pick<Reads, 'targetByName' | 'targetByUid' | 'listTargets' | 'countTargets'>;
type TargetWrites = Pick<Writes, 'insertTarget' | 'deleteTarget'>;

const byName = 'SELECT * FROM targets WHERE name = ?';
const byUid = 'SELECT * FROM targets WHERE uid = ?';
const page = 'SELECT * FROM targets WHERE name > ? ORDER BY name LIMIT ?';
const count = 'SELECT count(*) AS count FROM targets WHERE user = ?';
const insert = insertSql('targets', [
  'id',
  'uid',
  'name',
  'user',
  'display_name',
  'labels',
  'body',
  'created_at',
]);
const remove = 'DELETE FROM targets WHERE id = ?';

/** Reads of targets. */
export function targetReads(connection: Connection, vault: Vault): TargetReads {
  const read = (row: Row) => targetFromRow(vault, row);
  return {
    targetByName: async (name) => only(await connection.all(byName, [name]), read),
    targetByUid: async (uid) => only(await connection.all(byUid, [uid]), read),
    listTargets: async ({ after = '', limit }) =>
      (await connection.all(page, [after, pageLimit(limit)])).map(read),
    countTargets: async (user) =>
      only(await connection.all(count, [user]), (row) => integer(row, 'count')) ?? 0,
  };
}

/** Writes of targets. */
export function targetWrites(connection: Connection, vault: Vault): TargetWrites {
  return {
    async insertTarget(target) {
      await connection.run(insert, {
        $id: target.id,
        $uid: target.uid,
        $name: target.name,
        $user: target.user,
        $display_name: target.displayName,
        $labels: JSON.stringify(target.labels),
        $body: JSON.stringify(sealSpec(vault, placeOf(target.id), target.spec)),
        $created_at: target.createdAt,
      });
    },
    async deleteTarget(id) {
      await connection.run(remove, [id]);
    },
  };
}

function placeOf(id: number): string {
  return `targets/${id}`;
}

function targetFromRow(vault: Vault, row: Row): Target {
  const id = integer(row, 'id');
  return {
    id,
    uid: text(row, 'uid'),
    name: text(row, 'name'),
    user: text(row, 'user'),
    displayName: text(row, 'display_name'),
    labels: json(row, 'labels'),
    spec: unsealSpec(vault, placeOf(id), json<TaskSpec>(row, 'body')),
    createdAt: integer(row, 'created_at'),
  };
}
