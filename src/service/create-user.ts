import { DomainError } from '../domain/errors.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import { userIdFault, userResourceName } from '../domain/names.js';
import type { Caller, Role, User } from '../domain/user.js';
import { checkPassword, newCredentials, type ShownCredentials, showOnce } from './credentials.js';
import type { Room } from './deps.js';
import { makeUser } from './make-user.js';

export interface CreateUserRequest {
  readonly userId: string;
  readonly role: string | undefined;
  /** Empty: a random one is made. */
  readonly password?: string;
  /** UUIDs. */
  readonly projects?: readonly string[];
}

/** Makes a user. */
export function createUser(room: Room) {
  return async (_caller: Caller, request: CreateUserRequest): Promise<ShownCredentials> => {
    const { userId: name, projects = [] } = request;
    const chosen = request.password ?? '';
    const role = read(request);
    if (await room.store.userByName(name)) throw userExists(name);
    const credentials = newCredentials(room.secrets, chosen);
    const made = await makeUser(room, { name, role, projects, credentials });
    const user = await room.store.write(async (writes) => {
      if (await writes.userByName(name)) throw userExists(name);
      const created: User = { ...made, id: await writes.nextId() };
      await writes.insertUser(created);
      return created;
    });
    return showOnce(user, credentials, chosen);
  };
}

function read({ userId, role, password = '', projects = [] }: CreateUserRequest): Role {
  const faults = new Faults();
  faults.take(userIdFault('user_id', userId));
  const known = roles.find((one) => one === role);
  if (known === undefined) {
    const reason = role === undefined ? 'REQUIRED' : 'UNKNOWN_VALUE';
    faults.add('role', reason, `Give one of ${roles.join(', ')}.`);
  }
  checkPassword(faults, password);
  if (projects.length > limits.projectsMax) {
    faults.add('projects', 'TOO_MANY', `Give at most ${limits.projectsMax}.`);
  }
  const checked = projects.length > limits.projectsMax ? [] : projects;
  for (const [index, project] of checked.entries()) {
    if (!uuid.test(project)) faults.add(`projects[${index}]`, 'INVALID_UUID', 'Give a UUID.');
  }
  faults.throwIfAny();
  return known ?? 'VIEWER';
}

const roles = ['ADMIN', 'OPERATOR', 'VIEWER'] as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function userExists(name: string): DomainError {
  const resource = userResourceName(name);
  return new DomainError('USER_EXISTS', {
    message: `There is a user "${resource}" already. Choose another name.`,
    metadata: { resource },
  });
}
