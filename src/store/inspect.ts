import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './connection.js';
import { damageOf } from './database.js';
import { databaseName } from './layout.js';
import { migrations, schemaVersion } from './migrate.js';

/** What a database is like. */
export interface Inspection {
  readonly version: number;
  /** The newest schema that this program knows. */
  readonly known: number;
  /** What is damaged; absent if nothing is. */
  readonly fault?: string;
}

/**
 * Looks at a data directory's database, in use or not, and leaves no file behind. Undefined if it was not closed cleanly:
 * looking would mean to mend it. Fails with the errors of `connect`.
 */
export async function inspectDatabase(dataDir: string): Promise<Inspection | undefined> {
  const file = join(dataDir, databaseName);
  const inUse = existsSync(`${file}-shm`);
  if (existsSync(`${file}-wal`) && !inUse) return undefined;
  // Opening it otherwise makes files, which would belong to whoever looks.
  const connection = await connect({
    file,
    readOnly: true,
    immutable: !inUse,
    busyTimeoutMs: 5_000,
  });
  try {
    const version = await schemaVersion(connection);
    const fault = await damageOf(connection);
    return { version, known: migrations.length, ...(fault !== undefined && { fault }) };
  } finally {
    await connection.close();
  }
}
