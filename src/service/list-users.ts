import { Faults } from '../domain/faults.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import type { Caller, User } from '../domain/user.js';
import type { Room } from './deps.js';

export interface UserPage {
  readonly users: readonly User[];
  readonly nextPageToken: string;
}

export interface ListUsersRequest {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

/** Lists the users by name. */
export function listUsers(room: Room) {
  return async (_caller: Caller, request: ListUsersRequest): Promise<UserPage> => {
    const faults = new Faults();
    const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
    const mark = ['users'];
    const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, ['string']));
    faults.throwIfAny();
    const after = key ? { after: String(key[0]) } : {};
    const rows = await room.store.listUsers({ ...after, limit: limit + 1 });
    const users = rows.slice(0, limit);
    const last = rows.length > limit ? users.at(-1) : undefined;
    return { users, nextPageToken: last ? pageToken(mark, [last.name]) : '' };
  };
}
