import { link, open, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { invalidField } from '../domain/errors.js';
import { codeOf, ensurePrivateFile, syncDirectory } from '../secrets/private-files.js';
import { connect } from './connection.js';
import { fileFailureOf } from './failures.js';

/**
 * Writes a complete copy of a database in use, as of one moment, to a file that does not exist yet (mode 0600). Readers
 * and writers go on meanwhile. When the promise resolves, the copy is on disk under its name; before, nothing is.
 */
export async function backup(database: string, file: string): Promise<void> {
  const target = resolve(file);
  const partial = `${target}.partial`;
  try {
    await unlinkIfThere(partial);
    await ensurePrivateFile(partial);
    await copy(database, partial);
    await sync(partial);
    await link(partial, target);
    await syncDirectory(dirname(target));
  } catch (err) {
    if (codeOf(err) === 'EEXIST') {
      throw invalidField('file', 'ALREADY_EXISTS', `${target} exists; name a file that does not.`);
    }
    throw fileFailureOf(err);
  } finally {
    await unlinkIfThere(partial).catch(() => undefined);
  }
}

/** On a connection of its own, so that other reads do not wait for it. */
async function copy(database: string, target: string): Promise<void> {
  const connection = await connect({ file: database, readOnly: true, busyTimeoutMs: 5_000 });
  try {
    await connection.run('VACUUM INTO ?', [target]);
  } finally {
    await connection.close();
  }
}

/** SQLite does not flush what VACUUM INTO wrote. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (err) {
    if (codeOf(err) !== 'ENOENT') throw err;
  }
}
