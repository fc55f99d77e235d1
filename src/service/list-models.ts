import { Faults } from '../domain/faults.js';
import type { Model } from '../domain/model.js';
import { parseUserName } from '../domain/names.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import type { Caller } from '../domain/user.js';
import { findUser } from './access.js';
import type { Room } from './deps.js';

export interface ListModelsRequest {
  /** `users/{user}`. */
  readonly parent: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface ModelPage {
  readonly models: readonly Model[];
  readonly nextPageToken: string;
}

/** Lists the models of a user by name. */
export function listModels(room: Room) {
  return async (caller: Caller, request: ListModelsRequest): Promise<ModelPage> => {
    const faults = new Faults();
    const named = faults.try(() => parseUserName(request.parent, 'parent'));
    const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
    const mark = ['models', request.parent];
    const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, ['string']));
    faults.throwIfAny();
    const { name } = await findUser(room.store, caller, named ?? '');
    const after = key ? { after: String(key[0]) } : {};
    const rows = await room.store.listModels(name, { ...after, limit: limit + 1 });
    const models = rows.slice(0, limit);
    const last = rows.length > limit ? models.at(-1) : undefined;
    return { models, nextPageToken: last ? pageToken(mark, [last.name]) : '' };
  };
}
