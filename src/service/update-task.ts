import { isDeepStrictEqual } from 'node:util';
import { draftOfSpec, type TaskDraft } from '../domain/draft.js';
import type { Event } from '../domain/event.js';
import { Faults } from '../domain/faults.js';
import { applyMask } from '../domain/field-mask.js';
import { maskSpec } from '../domain/mask-secrets.js';
import { parseTaskName } from '../domain/names.js';
import type { Task } from '../domain/task.js';
import { assertEtag, etagMismatch } from '../domain/task-etag.js';
import type { Caller } from '../domain/user.js';
import type { Definition } from '../domain/validate-task.js';
import { actorOf, findTask, taskNotFound } from './access.js';
import { assertModelThere, checkDefinition } from './check-definition.js';
import type { Room } from './deps.js';
import { type TaskView, viewTask } from './views.js';

export interface UpdateTaskRequest {
  /** `users/{user}/tasks/{task}`. */
  readonly name: string;
  readonly task: TaskDraft | undefined;
  /** Empty: every field that the draft says. */
  readonly updateMask?: readonly string[];
  /** If not empty, the change is made only to the task with this etag. */
  readonly etag?: string;
}

/** Changes the definition of a task. What it runs now goes on as it began. */
export function updateTask(room: Room) {
  return async (caller: Caller, request: UpdateTaskRequest): Promise<TaskView> => {
    for (let attempt = 1; ; attempt += 1) {
      const before = await findTask(room.store, caller, parseTaskName(request.name, 'task.name'));
      assertEtag(before, request.etag ?? '');
      const definition = await changed(room, before, request);
      const outcome = await write(room, caller, { before, definition });
      if (outcome === 'raced' && attempt < attemptsMax) continue;
      if (outcome === 'raced') throw etagMismatch(before);
      if (outcome.event) room.feed.publish({ type: 'event', event: outcome.event });
      return viewTask(room, outcome.task);
    }
  };
}

/** Two updates that cross each other are put one after the other; many in a row are left to the callers. */
const attemptsMax = 5;

async function changed(room: Room, before: Task, request: UpdateTaskRequest): Promise<Definition> {
  const faults = new Faults();
  if (!request.task) faults.add('task', 'REQUIRED', 'Give the task with the fields to change.');
  const current: TaskDraft = {
    displayName: before.displayName,
    labels: before.labels,
    // Masked: a secret that the change does not name is kept as one is that it names as `***`.
    spec: draftOfSpec(maskSpec(before.spec)),
  };
  const { draft, faults: maskFaults } = applyMask(
    current,
    request.task ?? {},
    request.updateMask ?? [],
  );
  faults.take(...maskFaults);
  const { user, spec: previous } = before;
  const definition = await checkDefinition(room, draft, { path: 'task', user, previous, faults });
  faults.throwIfAny();
  return definition;
}

interface Change {
  readonly before: Task;
  readonly definition: Definition;
}

async function write(
  room: Room,
  caller: Caller,
  { before, definition }: Change,
): Promise<{ readonly task: Task; readonly event?: Event } | 'raced'> {
  const { displayName, labels, spec } = before;
  if (isDeepStrictEqual({ displayName, labels, spec }, definition)) return { task: before };
  return room.store.write(async (writes) => {
    const fresh = await writes.taskById(before.id);
    if (!fresh) throw taskNotFound(before);
    if (fresh.version !== before.version) return 'raced';
    await assertModelThere(writes, fresh.user, definition.spec);
    const specChanged = !isDeepStrictEqual(fresh.spec, definition.spec);
    const now = room.clock.now();
    const task: Task = {
      ...fresh,
      ...definition,
      version: fresh.version + 1,
      generation: fresh.generation + (specChanged ? 1 : 0),
      updatedAt: now,
    };
    await writes.updateTask(task);
    const event = await writes.appendEvent({
      taskId: task.id,
      at: now,
      actor: actorOf(caller),
      reason: 'UPDATED',
      message: specChanged
        ? `The spec was changed; it is generation ${task.generation} now.`
        : 'The name or the labels were changed.',
      severity: 'INFO',
      epoch: 0,
    });
    return { task, event };
  });
}
