import type { Reads, Writes } from '../domain/ports.js';
import type { Role, User } from '../domain/user.js';
import { dropAnswersOf } from './answers.js';
import type { Connection, Row } from './connection.js';
import { insertSql, integer, json, only, pageLimit, text } from './rows.js';

type UserReads = Pick<Reads, 'userByName' | 'userByTokenHash' | 'listUsers'>;
type UserWrites = Pick<Writes, 'insertUser' | 'updateCredentials' | 'deleteUser'>;

const byName = 'SELECT * FROM users WHERE name = ?';
const byTokenHash = 'SELECT * FROM users WHERE token_hash = ?';
const page = 'SELECT * FROM users WHERE name > ? ORDER BY name LIMIT ?';
const insert = insertSql('users', [
  'id',
  'name',
  'role',
  'password_hash',
  'token_hash',
  'secret_key_sealed',
  'projects',
  'created_at',
]);
const replaceCredentials =
  'UPDATE users SET password_hash = ?, token_hash = ?, secret_key_sealed = ? WHERE id = ?';
const remove = 'DELETE FROM users WHERE name = ?';

/** Reads of users. */
export function userReads(connection: Connection): UserReads {
  return {
    userByName: async (name) => only(await connection.all(byName, [name]), userFromRow),
    userByTokenHash: async (hash) => only(await connection.all(byTokenHash, [hash]), userFromRow),
    listUsers: async ({ after = '', limit }) =>
      (await connection.all(page, [after, pageLimit(limit)])).map(userFromRow),
  };
}

/** Writes of users. */
export function userWrites(connection: Connection): UserWrites {
  return {
    async insertUser(user) {
      await connection.run(insert, userToRow(user));
    },
    async updateCredentials(id, { passwordHash, tokenHash, secretKeySealed }) {
      await connection.run(replaceCredentials, [passwordHash, tokenHash, secretKeySealed, id]);
    },
    async deleteUser(name) {
      await connection.run(remove, [name]);
      await dropAnswersOf(connection, name);
    },
  };
}

function userToRow(user: User) {
  return {
    $id: user.id,
    $name: user.name,
    $role: user.role,
    $password_hash: user.passwordHash,
    $token_hash: user.tokenHash,
    $secret_key_sealed: user.secretKeySealed,
    $projects: JSON.stringify(user.projects),
    $created_at: user.createdAt,
  };
}

function userFromRow(row: Row): User {
  return {
    id: integer(row, 'id'),
    name: text(row, 'name'),
    role: text(row, 'role') as Role,
    passwordHash: text(row, 'password_hash'),
    tokenHash: text(row, 'token_hash'),
    secretKeySealed: text(row, 'secret_key_sealed'),
    projects: json(row, 'projects'),
    createdAt: integer(row, 'created_at'),
  };
}
