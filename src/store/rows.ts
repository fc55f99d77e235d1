import assert from 'node:assert/strict';
import type { Row } from './connection.js';

/** A text column that is never null. A value of another type means that the database is not ours. */
export function text(row: Row, column: string): string {
  const value = row[column];
  assert(typeof value === 'string', `column ${column} is no text`);
  return value;
}

/** An integer column that is never null. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  assert(Number.isSafeInteger(value), `column ${column} is no integer`);
  return Number(value);
}

/** An object with the value under the key, or an empty one for null: for members that may be absent. */
export function optionalInteger<Key extends string>(row: Row, column: string, key: Key) {
  return row[column] === null ? {} : ({ [key]: integer(row, column) } as Record<Key, number>);
}

/** The same for text. */
export function optionalText<Key extends string>(row: Row, column: string, key: Key) {
  return row[column] === null ? {} : ({ [key]: text(row, column) } as Record<Key, string>);
}

/** A column of JSON that this room has written itself, so that its shape is known. */
export function json<T>(row: Row, column: string): T {
  return JSON.parse(text(row, column)) as T;
}

/** The first of at most one row. */
export function only<T>(rows: readonly Row[], map: (row: Row) => T): T | undefined {
  assert(rows.length <= 1, 'a key names more than one row');
  const [row] = rows;
  return row === undefined ? undefined : map(row);
}

/** Guards against -1, which SQLite takes as "all". */
export function pageLimit(limit: number): number {
  assert(Number.isSafeInteger(limit) && limit >= 0, `a page of ${limit} rows`);
  return limit;
}

/** An INSERT with one named parameter for each column. */
export function insertSql(table: string, columns: readonly string[]): string {
  const names = columns.join(', ');
  return `INSERT INTO ${table} (${names}) VALUES (${columns.map((name) => `$${name}`).join(', ')})`;
}
