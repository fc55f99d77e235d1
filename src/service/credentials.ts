import type { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import type { StoredCredentials, User } from '../domain/user.js';
import type { Secrets } from './deps.js';

/** What proves that somebody is a user. */
export interface Credentials {
  readonly password: string;
  readonly token: string;
  /** 16 bytes in Base64. */
  readonly secretKey: string;
}

/** A user with new credentials, which are shown this once. */
export interface ShownCredentials extends Credentials {
  readonly user: User;
  /** Empty if the caller chose it. */
  readonly password: string;
}

/** New credentials; the password is random unless one was chosen. */
export function newCredentials(secrets: Secrets, chosenPassword = ''): Credentials {
  return {
    password: chosenPassword === '' ? secrets.newPassword() : chosenPassword,
    token: secrets.newToken(),
    secretKey: secrets.newSecretKey(),
  };
}

/** The answer with new credentials; a password that the caller chose is not told again. */
export function showOnce(
  user: User,
  credentials: Credentials,
  chosenPassword: string,
): ShownCredentials {
  return { user, ...credentials, password: chosenPassword === '' ? credentials.password : '' };
}

/** The credentials of a user of this name as they are kept: hashed or sealed. */
export async function sealCredentials(
  secrets: Secrets,
  name: string,
  { password, token, secretKey }: Credentials,
): Promise<StoredCredentials> {
  return {
    passwordHash: await secrets.hashPassword(password),
    tokenHash: secrets.hashToken(token),
    secretKeySealed: secrets.seal(secretKey, secretKeyContext(name)),
  };
}

/** What the secret key of a user is sealed for; to unseal it, the same must be said. */
export function secretKeyContext(user: string): string {
  return `users/${user}/secret-key`;
}

/** Notes what is wrong with a password that somebody chose; empty: nobody did. */
export function checkPassword(faults: Faults, password: string): void {
  const { passwordCharsLeast: least, passwordCharsMax: most } = limits;
  if (password !== '' && (password.length < least || password.length > most)) {
    faults.add('password', 'INVALID_LENGTH', `Use ${least} to ${most} characters.`);
  } else if (/\p{Cc}/u.test(password)) {
    faults.add('password', 'INVALID_CHARACTER', 'It has control characters. Leave them out.');
  }
}
