import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../secrets/private-files.js';
import { fileFailureOf } from './failures.js';
import { databaseName, keyName, modelFilePattern, modelsName } from './layout.js';

const prefix = 'backup-';

/** What copies the database of a data directory to a file, as of one moment. */
export interface CopiesDatabase {
  backup(file: string): Promise<void>;
}

/**
 * A directory in the data directory with a copy of the database, the key and all models that the copy names. Models are linked, so
 * that one that is deleted meanwhile stays: before the copy is made those that may go, and after it those that came.
 */
export async function takeSnapshot(dataDir: string, store: CopiesDatabase): Promise<string> {
  const snapshot = await mkdtemp(join(dataDir, prefix));
  try {
    await mkdir(join(snapshot, modelsName));
    await linkModels(dataDir, snapshot);
    await link(join(dataDir, keyName), join(snapshot, keyName));
    await store.backup(join(snapshot, databaseName));
    await linkModels(dataDir, snapshot);
    return snapshot;
  } catch (error) {
    await rm(snapshot, { recursive: true, force: true });
    throw fileFailureOf(error);
  }
}

/** Removes what a process left behind that ended while it made an archive. The caller holds the lock of the directory. */
export async function removeSnapshots(dataDir: string): Promise<void> {
  const names = (await readdir(dataDir)).filter((name) => name.startsWith(prefix));
  for (const name of names) await rm(join(dataDir, name), { recursive: true, force: true });
}

async function linkModels(dataDir: string, snapshot: string): Promise<void> {
  for (const name of await readdir(join(dataDir, modelsName))) {
    if (!modelFilePattern.test(name)) continue;
    try {
      await link(join(dataDir, modelsName, name), join(snapshot, modelsName, name));
    } catch (error) {
      // It is linked already, or was deleted since the names were read.
      if (codeOf(error) !== 'EEXIST' && codeOf(error) !== 'ENOENT') throw error;
    }
  }
}
