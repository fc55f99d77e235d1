import { DomainError } from '../domain/errors.js';
import { ensurePrivateFile } from '../secrets/private-files.js';
import type { Vault } from '../secrets/vault.js';
import type { Connection, ConnectionOptions } from './connection.js';
import { damagedReason, fileFailureOf, isDamage } from './failures.js';
import { migrate } from './migrate.js';
import { text } from './rows.js';

/** Two connections to one database: what is written is read elsewhere only when it is committed. */
export interface Database {
  readonly writing: Connection;
  readonly reading: Connection;
}

export interface DatabaseOptions {
  readonly file: string;
  readonly vault: Vault;
  readonly busyTimeoutMs: number;
  readonly connect: (options: ConnectionOptions) => Promise<Connection>;
}

/**
 * Every commit is flushed to disk. The journal is cut back after a burst, so that the disk is not held by old frames.
 * Set before the first table is made, auto_vacuum stays off: freed pages are used again anyway.
 */
const settings = `
PRAGMA auto_vacuum = NONE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF;
PRAGMA journal_size_limit = ${64 * 1024 * 1024};
`;
const keyCheck = 'key check';

/**
 * Opens, checks and upgrades the database, making it where there is none. Refuses a damaged one, one of a newer release
 * and one whose secrets were sealed under another key, saying what to do. The caller closes both connections, the
 * reading one first, so that the other folds the journal into the file.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { file, busyTimeoutMs } = options;
  await ensurePrivateFile(file).catch((err: unknown) => {
    throw fileFailureOf(err);
  });
  const writing = await options.connect({ file, readOnly: false, busyTimeoutMs });
  try {
    await writing.script(settings);
    await check(writing);
    await migrate(writing);
    await checkKey(writing, options.vault);
    return { writing, reading: await options.connect({ file, readOnly: true, busyTimeoutMs }) };
  } catch (err) {
    await writing.close().catch(() => undefined);
    throw isDamage(err) ? damaged(file, err) : err;
  }
}

async function check(connection: Connection): Promise<void> {
  const message = await damageOf(connection);
  if (message === undefined) return;
  throw new DomainError('STORE_UNAVAILABLE', { message, metadata: { reason: damagedReason } });
}

/** What is damaged, if anything. Reads the whole file once: a second for some hundred megabytes. */
export async function damageOf(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.all('PRAGMA quick_check(1)');
  const finding = row === undefined ? 'no answer' : text(row, 'quick_check');
  return finding === 'ok' ? undefined : finding;
}

/** A text sealed once with the key that belongs to the database must open with the key that is there. */
async function checkKey(connection: Connection, vault: Vault): Promise<void> {
  const [row] = await connection.all('SELECT value FROM settings WHERE name = ?', [keyCheck]);
  if (row === undefined) {
    const sealed = vault.seal(keyCheck, keyCheck);
    const insert = 'INSERT INTO settings (name, value) VALUES (?, ?)';
    await connection.run(insert, [keyCheck, sealed]);
    return;
  }
  try {
    vault.unseal(text(row, 'value'), keyCheck);
  } catch (cause) {
    throw new DomainError('STORE_UNAVAILABLE', {
      message:
        'The key file does not belong to the database: its secrets were sealed under another key. ' +
        'Put back the key file that was in use when the database was written.',
      metadata: { reason: 'KEY_MISMATCH' },
      cause,
    });
  }
}

function damaged(file: string, cause: unknown): DomainError {
  const finding = cause instanceof Error ? cause.message : String(cause);
  return new DomainError('STORE_UNAVAILABLE', {
    message:
      `The database ${file} is damaged (${finding}). Keep it. Restore a backup into a new directory, with ` +
      'predictd restore FILE --data DIR, and start on that one.',
    metadata: { reason: damagedReason, file },
    cause,
  });
}
