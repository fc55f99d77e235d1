import { Faults } from '../domain/faults.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import type { Target } from '../domain/target.js';
import type { Caller } from '../domain/user.js';
import { showTarget } from './create-target.js';
import type { Room } from './deps.js';

export interface ListTargetsRequest {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface TargetPage {
  readonly targets: readonly Target[];
  readonly nextPageToken: string;
}

/** Lists the targets by name. */
export function listTargets(room: Room) {
  return async (_caller: Caller, request: ListTargetsRequest): Promise<TargetPage> => {
    const faults = new Faults();
    const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
    const mark = ['targets'];
    const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, ['string']));
    faults.throwIfAny();
    const after = key ? { after: String(key[0]) } : {};
    const rows = await room.store.listTargets({ ...after, limit: limit + 1 });
    const targets = rows.slice(0, limit).map(showTarget);
    const last = rows.length > limit ? targets.at(-1) : undefined;
    return { targets, nextPageToken: last ? pageToken(mark, [last.name]) : '' };
  };
}
