import { hashPassword } from './passwords.js';
import { hashToken, newPassword, newSecretKey, newToken } from './tokens.js';
import type { Vault } from './vault.js';

/** Makes credentials and keeps them: hashed, or sealed under the key of a data directory. */
export function createSecrets({ seal }: Pick<Vault, 'seal'>) {
  return { hashPassword, hashToken, newPassword, newToken, newSecretKey, seal };
}
