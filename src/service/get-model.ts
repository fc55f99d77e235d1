import type { Model } from '../domain/model.js';
import { parseModelName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import { findModel } from './access.js';
import type { Room } from './deps.js';

/** Reads a model's signature. */
export function getModel(room: Room) {
  return async (caller: Caller, { name }: { readonly name: string }): Promise<Model> =>
    findModel(room.store, caller, parseModelName(name, 'name'));
}
