import type { Model } from '../domain/model.js';
import type { Reads, Writes } from '../domain/ports.js';
import type { Connection, Row } from './connection.js';
import { insertSql, integer, json, only, pageLimit, text } from './rows.js';

type ModelReads = Pick<Reads, 'modelByName' | 'modelBySha256' | 'listModels' | 'countModels'>;
type ModelWrites = Pick<Writes, 'insertModel' | 'deleteModel'>;

const byName = 'SELECT * FROM models WHERE user = ? AND name = ?';
/** Several users may have the same file; the oldest one speaks for it. */
const bySha256 = 'SELECT * FROM models WHERE sha256 = ? ORDER BY id LIMIT 1';
const page = 'SELECT * FROM models WHERE user = ? AND name > ? ORDER BY name LIMIT ?';
const count = 'SELECT count(*) AS count FROM models WHERE user = ?';
const insert = insertSql('models', [
  'id',
  'uid',
  'user',
  'name',
  'sha256',
  'size_bytes',
  'inputs',
  'outputs',
  'created_at',
]);
const remove = 'DELETE FROM models WHERE id = ?';

/** Reads of models. */
export function modelReads(connection: Connection): ModelReads {
  return {
    modelByName: async (user, name) =>
      only(await connection.all(byName, [user, name]), modelFromRow),
    modelBySha256: async (sha256) => only(await connection.all(bySha256, [sha256]), modelFromRow),
    listModels: async (user, { after = '', limit }) =>
      (await connection.all(page, [user, after, pageLimit(limit)])).map(modelFromRow),
    countModels: async (user) =>
      only(await connection.all(count, [user]), (row) => integer(row, 'count')) ?? 0,
  };
}

/** Writes of models. */
export function modelWrites(connection: Connection): ModelWrites {
  return {
    async insertModel(model) {
      await connection.run(insert, modelToRow(model));
    },
    async deleteModel(id) {
      await connection.run(remove, [id]);
    },
  };
}

function modelToRow(model: Model) {
  return {
    $id: model.id,
    $uid: model.uid,
    $user: model.user,
    $name: model.name,
    $sha256: model.sha256,
    $size_bytes: model.sizeBytes,
    $inputs: JSON.stringify(model.inputs),
    $outputs: JSON.stringify(model.outputs),
    $created_at: model.createdAt,
  };
}

function modelFromRow(row: Row): Model {
  return {
    id: integer(row, 'id'),
    uid: text(row, 'uid'),
    user: text(row, 'user'),
    name: text(row, 'name'),
    sha256: text(row, 'sha256'),
    sizeBytes: integer(row, 'size_bytes'),
    inputs: json(row, 'inputs'),
    outputs: json(row, 'outputs'),
    createdAt: integer(row, 'created_at'),
  };
}
