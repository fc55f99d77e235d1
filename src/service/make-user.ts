import type { Role, User } from '../domain/user.js';
import type { Room } from './deps.js';

/** What proves that somebody is a user. */
export interface Credentials {
  readonly password: string;
  readonly token: string;
  /** 16 bytes in Base64. */
  readonly secretKey: string;
}

/** What the secret key of a user is sealed for; to unseal it, the same must be said. */
export function secretKeyContext(user: string): string {
  return `users/${user}/secret-key`;
}

/** The record of a user, with the credentials hashed or sealed; it still lacks its id. */
export async function makeUser(
  { secrets, clock }: Pick<Room, 'secrets' | 'clock'>,
  wanted: {
    readonly name: string;
    readonly role: Role;
    readonly projects: readonly string[];
    readonly credentials: Credentials;
  },
): Promise<Omit<User, 'id'>> {
  const { name, role, projects, credentials } = wanted;
  return {
    name,
    role,
    passwordHash: await secrets.hashPassword(credentials.password),
    tokenHash: secrets.hashToken(credentials.token),
    secretKeySealed: secrets.seal(credentials.secretKey, secretKeyContext(name)),
    projects: projects.map((project) => project.toLowerCase()),
    createdAt: clock.now(),
  };
}
