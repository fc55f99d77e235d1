import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.js';
import { ensurePrivateFile, makePrivateDirectory } from '../secrets/private-files.js';
import { type Connection, connect } from './connection.js';
import { fileFailureOf, isBusy } from './failures.js';
import { assertRestored } from './restore-mark.js';

/** Proof that this process alone uses a data directory. */
export interface DirectoryLock {
  /** Lets others in. The system does the same when the process ends, however it ends. */
  release(): Promise<void>;
}

/**
 * Takes a data directory for this process, making it (mode 0700) where there is none. Refused with STORE_UNAVAILABLE
 * and reason DATA_DIRECTORY_IN_USE, naming the holder, if another process or this one has it; with RESTORE_UNFINISHED if
 * it was not restored to the end.
 *
 * Node has no flock, so the lock is SQLite's exclusive lock on a database of its own that is never written. The file of
 * the process id beside it is only for people.
 */
export async function lockDataDirectory(dataDir: string): Promise<DirectoryLock> {
  await makePrivateDirectory(dataDir);
  assertRestored(dataDir);
  const file = join(dataDir, 'lock.db');
  const pidFile = pidFileOf(dataDir);
  await ensurePrivateFile(file).catch((err: unknown) => {
    throw fileFailureOf(err);
  });
  const connection = await connect({ file, readOnly: false, busyTimeoutMs: 0 });
  try {
    await connection.script('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    await connection.close();
    throw isBusy(cause) ? await inUse(dataDir, cause) : cause;
  }
  try {
    await writePid(pidFile);
  } catch (err) {
    await connection.close();
    throw fileFailureOf(err);
  }
  let released: Promise<void> | undefined;
  return {
    release: () => {
      released ??= release(connection, pidFile);
      return released;
    },
  };
}

/** The process that last took a data directory, as far as it says. It may be gone since. */
export async function writtenPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(pidFileOf(dataDir), 'utf8').catch(() => '');
  return /^[1-9]\d*$/.test(text.trim()) ? Number(text) : undefined;
}

function pidFileOf(dataDir: string): string {
  return join(dataDir, 'lock.pid');
}

/** The pid goes first: once the lock is gone, the file may be another process's. */
async function release(connection: Connection, pidFile: string): Promise<void> {
  await unlink(pidFile).catch(() => undefined);
  await connection.close();
}

async function writePid(pidFile: string): Promise<void> {
  const temporary = `${pidFile}.new`;
  await writeFile(temporary, `${process.pid}\n`, { mode: 0o600 });
  await rename(temporary, pidFile);
}

async function inUse(dataDir: string, cause: unknown): Promise<DomainError> {
  const pid = await writtenPid(dataDir);
  const holder = pid === undefined ? 'another process' : `process ${pid}`;
  return new DomainError('STORE_UNAVAILABLE', {
    message:
      `The data directory ${dataDir} is in use by ${holder}. ` +
      'Stop that service first, or use another directory.',
    metadata: { reason: 'DATA_DIRECTORY_IN_USE', directory: dataDir, pid: String(pid ?? '') },
    cause,
  });
}
