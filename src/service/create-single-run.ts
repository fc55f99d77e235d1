import { randomUUID } from 'node:crypto';
import { draftOfSpec } from '../domain/draft.js';
import { shown, userResourceName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import { notFound, taskNotFound } from './access.js';
import { createTask } from './create-task.js';
import type { Room } from './deps.js';
import { type RunPlace, runAnnotations, type SingleRun, viewSingleRun } from './single-run.js';

export interface CreateSingleRunRequest extends RunPlace {
  /** UUID of a target, in lower case. */
  readonly target: string;
}

/** Makes a task that runs once from a target. Its owner is the target's. */
export function createSingleRun(room: Room) {
  const create = createTask(room);
  return async (caller: Caller, request: CreateSingleRunRequest): Promise<SingleRun> => {
    const target = await room.store.targetByUid(request.target);
    if (!target) throw notFound('TARGET_NOT_FOUND', 'target', shown(request.target));
    const { displayName, labels, spec } = target;
    const { task } = await create(caller, {
      parent: userResourceName(target.user),
      taskId: `${target.name.slice(0, nameCharsKept)}-${randomUUID()}`,
      task: { displayName, labels, spec: draftOfSpec(spec) },
      annotations: runAnnotations(request, target.uid),
    });
    const made = await room.store.taskById(task.id);
    if (!made) throw taskNotFound(task);
    return viewSingleRun(room, made);
  };
}

/** So that the name with a dash and a UUID behind it is no longer than names may be. */
const nameCharsKept = 91;
