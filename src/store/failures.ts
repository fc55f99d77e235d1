import sqlite3 from 'sqlite3';
import { DomainError, type ErrorCode } from '../domain/errors.js';
import { codeOf } from '../secrets/private-files.js';

/** Time in which a full disk may be cleared or another process may let go. */
const retryAfterMs = 1_000;

/** A row contradicts another one or the schema, in a way that has no code of its own: a fault of the program. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
}

const passing: ReadonlySet<number> = new Set([
  sqlite3.BUSY,
  sqlite3.LOCKED,
  sqlite3.NOMEM,
  sqlite3.READONLY,
  sqlite3.IOERR,
  sqlite3.FULL,
  sqlite3.CANTOPEN,
  sqlite3.PROTOCOL,
]);
const damage: ReadonlySet<number> = new Set([sqlite3.CORRUPT, sqlite3.NOTADB]);

/** The columns of unique keys that callers choose, by SQLite's way of naming them. */
const existsCodes: Readonly<Record<string, ErrorCode>> = {
  'users.name': 'USER_EXISTS',
  'tasks.user, tasks.name': 'TASK_EXISTS',
  'models.user, models.name': 'MODEL_EXISTS',
};

/** Turns an error of the driver into one that callers can act on; what no caller can mend is passed on. */
export function failureOf(err: Error): Error {
  const errno = 'errno' in err && typeof err.errno === 'number' ? err.errno : undefined;
  if (errno === undefined) return err;
  if (passing.has(errno)) return unavailable(err);
  if (damage.has(errno)) {
    return new DomainError('STORE_UNAVAILABLE', {
      message: `The database is damaged (${err.message}).`,
      metadata: { reason: damagedReason },
      cause: err,
    });
  }
  return errno === sqlite3.CONSTRAINT ? violation(err) : err;
}

/** `metadata.reason` of errors that only a backup mends. */
export const damagedReason = 'STORE_DAMAGED';

/** Whether an error says that the file is damaged. */
export function isDamage(err: unknown): boolean {
  return err instanceof DomainError && err.metadata.reason === damagedReason;
}

/** Errors of the file system that say that the disk refuses. */
const refusals: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'EIO',
  'EMFILE',
  'ENFILE',
]);

/** The same for an error of Node's file system calls. */
export function fileFailureOf(err: unknown): unknown {
  const code = codeOf(err);
  return code !== undefined && refusals.has(code) && err instanceof Error ? unavailable(err) : err;
}

/** Whether an error says that another connection holds the file. */
export function isBusy(err: unknown): boolean {
  return err instanceof DomainError && err.metadata.reason === 'SQLITE_BUSY';
}

/** `metadata.reason` is the system's own word, such as SQLITE_FULL or ENOSPC. */
function unavailable(cause: Error): DomainError {
  return new DomainError('STORE_UNAVAILABLE', {
    message: `The store cannot be used at the moment (${cause.message}).`,
    metadata: { reason: codeOf(cause) ?? '' },
    retryAfterMs,
    cause,
  });
}

function violation(cause: Error): Error {
  const [, columns] = /UNIQUE constraint failed: (.+)$/.exec(cause.message) ?? [];
  const code = columns === undefined ? undefined : existsCodes[columns];
  if (code !== undefined) return new DomainError(code, { cause });
  return new ConstraintError(cause.message, { cause });
}
