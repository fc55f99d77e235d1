import type { Role, User } from '../domain/user.js';
import { type Credentials, sealCredentials } from './credentials.js';
import type { Room } from './deps.js';

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
    ...(await sealCredentials(secrets, name, credentials)),
    projects: projects.map((project) => project.toLowerCase()),
    createdAt: clock.now(),
  };
}
