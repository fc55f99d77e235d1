import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.js';
import { syncDirectory } from '../secrets/private-files.js';

/** Is in a data directory from before anything of a backup is there until all of it is on disk. */
const markName = 'restore.unfinished';

/** Marks a data directory as one that is being restored. Fails with EEXIST if it is marked already. */
export async function beginRestore(dataDir: string): Promise<void> {
  const mark = await open(join(dataDir, markName), 'wx', 0o600);
  await mark.close();
  await syncDirectory(dataDir);
}

/** All of the backup is on disk. */
export async function endRestore(dataDir: string): Promise<void> {
  await syncDirectory(dataDir);
  await rm(join(dataDir, markName));
  await syncDirectory(dataDir);
}

/** Throws STORE_UNAVAILABLE where a restore goes on or was broken off: models or all tasks would be missing. */
export function assertRestored(dataDir: string): void {
  if (!existsSync(join(dataDir, markName))) return;
  throw new DomainError('STORE_UNAVAILABLE', {
    message:
      `The restore into ${dataDir} has not ended. Wait for it; if it was broken off, ` +
      'remove the directory and restore again.',
    metadata: { reason: 'RESTORE_UNFINISHED', directory: dataDir },
  });
}
