import assert from 'node:assert/strict';
import { DomainError } from '../domain/errors.js';
import type { Connection } from './connection.js';
import type { Migration } from './migration.js';
import { firstSchema } from './migrations/0001-first-schema.js';
import { whatContinuesWhat } from './migrations/0002-what-continues-what.js';
import { targets } from './migrations/0003-targets.js';
import { modelsThatScore } from './migrations/0004-models-that-score.js';
import { totals } from './migrations/0005-totals.js';
import { suspects } from './migrations/0006-suspects.js';
import { integer } from './rows.js';

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  firstSchema,
  whatContinuesWhat,
  targets,
  modelsThatScore,
  totals,
  suspects,
];

/**
 * Brings a database to the newest known schema, each step in a transaction of its own together with its number, so that
 * a crash leaves it before or after a step. Refuses, with reason SCHEMA_TOO_NEW, what a newer program wrote.
 */
export async function migrate(
  connection: Connection,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  steps.forEach((step, index) => {
    assert.equal(step.version, index + 1, 'migrations are numbered without gaps');
  });
  const version = await schemaVersion(connection);
  if (version > steps.length) throw tooNew(version, steps.length);
  for (const step of steps.slice(version)) await apply(connection, step);
}

async function apply(connection: Connection, step: Migration): Promise<void> {
  await connection.script('BEGIN IMMEDIATE');
  try {
    await connection.script(step.sql);
    await connection.script(`PRAGMA user_version = ${step.version}`);
    await connection.script('COMMIT');
  } catch (err) {
    await connection.script('ROLLBACK').catch(() => undefined);
    throw err;
  }
}

/** How many of the steps a database has behind it. */
export async function schemaVersion(connection: Connection): Promise<number> {
  const [row] = await connection.all('PRAGMA user_version');
  assert(row);
  return integer(row, 'user_version');
}

function tooNew(version: number, known: number): DomainError {
  return new DomainError('STORE_UNAVAILABLE', {
    message:
      `The database has schema ${version}, but this program knows only up to ${known}: ` +
      'a newer release wrote it. Start that release, or restore a backup made by this one.',
    metadata: { reason: 'SCHEMA_TOO_NEW', version: String(version), known: String(known) },
  });
}
