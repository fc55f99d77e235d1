import { parseUserName } from '../domain/names.js';
import type { Caller, User } from '../domain/user.js';
import { findUser } from './access.js';
import type { Room } from './deps.js';

/** Reads a user: admins any, everybody themselves. */
export function getUser(room: Room) {
  return async (caller: Caller, { name }: { readonly name: string }): Promise<User> =>
    findUser(room.store, caller, parseUserName(name, 'name'));
}
