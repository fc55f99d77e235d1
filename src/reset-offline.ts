import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from './domain/errors.js';
import type { Caller } from './domain/user.js';
import { createSecrets } from './secrets/create-secrets.js';
import { openVault } from './secrets/vault.js';
import type { ShownCredentials } from './service/credentials.js';
import { OpenCalls } from './service/open-calls.js';
import { type ResetCredentialsRequest, resetCredentials } from './service/reset-credentials.js';
import { Watchers } from './service/watchers.js';
import { databaseName } from './store/layout.js';
import { lockDataDirectory } from './store/lock.js';
import { openStore } from './store/store.js';

/** Whoever may write the data directory may do everything. */
const operator: Caller = { name: '', role: 'ADMIN', projects: [] };

/**
 * Resets the credentials of a user in a data directory that no service has: the way back for who lost the last admin
 * token. STORE_UNAVAILABLE if the directory holds no database or a service has it.
 */
export async function resetOffline(
  dataDir: string,
  request: ResetCredentialsRequest,
): Promise<ShownCredentials> {
  assertHoldsDatabase(dataDir);
  const lock = await lockDataDirectory(dataDir);
  try {
    const vault = await openVault(dataDir);
    const store = await openStore({ dataDir, lock, vault });
    try {
      const room = { store, secrets: createSecrets(vault), calls: new OpenCalls() };
      return await resetCredentials(room, new Watchers())(operator, request);
    } finally {
      await store.close();
    }
  } finally {
    await lock.release();
  }
}

/** Otherwise a mistyped path would become a data directory. */
function assertHoldsDatabase(dataDir: string): void {
  if (existsSync(join(dataDir, databaseName))) return;
  throw new DomainError('STORE_UNAVAILABLE', {
    message: `${dataDir} is no data directory: there is no ${databaseName} in it.`,
    metadata: { reason: 'NO_DATABASE', directory: dataDir },
  });
}
