import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { OipDraft, SpecDraft, TaskDraft } from '../domain/draft.js';
import { DomainError } from '../domain/errors.js';
import type { Event } from '../domain/event.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import { parseUserName, resourceIdFault } from '../domain/names.js';
import type { Writes } from '../domain/ports.js';
import { isFinal } from '../domain/state.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import type { Definition } from '../domain/validate-task.js';
import { actorOf, assertUserStays, findUser, taskNotFound } from './access.js';
import { assertModelThere, checkDefinition } from './check-definition.js';
import type { Room } from './deps.js';
import { answered, type RepeatableRequest, repeatable, requestIdFault } from './request-id.js';
import { type TaskView, viewTask } from './views.js';

export interface CreateTaskRequest {
  /** `users/{user}`. */
  readonly parent: string;
  readonly taskId: string;
  readonly task: TaskDraft | undefined;
  /** Replaces a task of the same name, after stopping it. */
  readonly force?: boolean;
  /** A UUID, or empty. */
  readonly requestId?: string;
  /** What a dialect must give back later. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the owner should know of what was understood; each becomes an event. */
  readonly warnings?: readonly CreateWarning[];
}

/** Something in a definition that has no effect, or another than was asked for. */
export interface CreateWarning {
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  readonly message: string;
}

/** Defines a task, or answers what the same request id answered before. */
export function createTask(room: Room) {
  return async (caller: Caller, request: CreateTaskRequest): Promise<TaskView> => {
    const wanted = await read(room, caller, request);
    if (wanted.done !== undefined) return viewById(room, wanted);
    const outcome = await insertOrReplace(room, caller, wanted);
    for (const event of outcome.events) room.feed.publish({ type: 'event', event });
    return viewTask(room, outcome.task);
  };
}

interface Wanted {
  readonly user: string;
  /** Of the user when the call began. */
  readonly userId: number;
  readonly name: string;
  readonly definition: Definition;
  readonly annotations: Readonly<Record<string, string>>;
  readonly warnings: readonly CreateWarning[];
  readonly force: boolean;
  readonly request: RepeatableRequest | undefined;
}

type Answered = Pick<Wanted, 'user' | 'name'> & { readonly done: number };

async function read(
  room: Room,
  caller: Caller,
  given: CreateTaskRequest,
): Promise<Answered | (Wanted & { readonly done?: never })> {
  const { parent, taskId: name, task: draft, force = false, requestId = '' } = given;
  const faults = new Faults();
  const named = faults.try(() => parseUserName(parent, 'parent'));
  faults.take(resourceIdFault('task_id', name), requestIdFault(requestId));
  const owner = named === undefined ? undefined : await findUser(room.store, caller, named);
  const user = owner?.name;
  const parts = [user, name, withoutSecrets(draft), force, given.annotations ?? {}];
  const request = repeatable(caller, requestId, { method: 'CreateTask', parts });
  const done = faults.isEmpty ? await answered(room.store, request) : undefined;
  if (done !== undefined && user !== undefined) return { user, name, done };
  if (!draft) faults.add('task', 'REQUIRED', 'Give the task.');
  const previous =
    force && user !== undefined ? (await room.store.taskByName(user, name))?.spec : undefined;
  const definition = await checkDefinition(room, draft ?? {}, {
    path: 'task',
    user,
    previous,
    faults,
  });
  faults.throwIfAny();
  const { annotations = {}, warnings = [] } = given;
  const { id: userId = 0 } = owner ?? {};
  return { user: user ?? '', userId, name, definition, annotations, warnings, force, request };
}

interface Outcome {
  readonly task: Task;
  /** None if nothing was written. */
  readonly events: readonly Event[];
}

/** How often a forced replacement stops what others start again before it gives up. */
const stopsMax = 3;

async function insertOrReplace(room: Room, caller: Caller, wanted: Wanted): Promise<Outcome> {
  for (let stops = 0; ; stops += 1) {
    const outcome = await room.store.write((writes) => writeOnce(room, caller, { writes, wanted }));
    if (!('running' in outcome)) return outcome;
    if (stops === stopsMax) throw new DomainError('TASK_ALREADY_STARTED');
    await room.supervisor.stop(outcome.running, { actor: actorOf(caller), force: false });
  }
}

async function writeOnce(
  room: Room,
  caller: Caller,
  { writes, wanted }: { readonly writes: Writes; readonly wanted: Wanted },
): Promise<Outcome | { readonly running: Task }> {
  const done = await answered(writes, wanted.request);
  if (done !== undefined) return { task: await taskById(writes, done, wanted), events: [] };
  await assertUserStays(writes, { id: wanted.userId, name: wanted.user });
  await assertModelThere(writes, wanted.user, wanted.definition.spec);
  const existing = await writes.taskByName(wanted.user, wanted.name);
  if (existing && !wanted.force) throw taskExists(existing);
  if (existing) {
    const newest = await writes.newestExecution(existing.id);
    if (newest && !isFinal(newest.state)) return { running: existing };
  }
  const now = room.clock.now();
  const task = existing
    ? await replace(writes, existing, { wanted, now })
    : await insert(writes, wanted, now);
  const events = await appendEvents(writes, task, {
    at: now,
    actor: actorOf(caller),
    reason: existing ? 'REPLACED' : 'CREATED',
    message: existing ? 'The task was defined anew.' : 'The task was defined.',
    warnings: wanted.warnings,
  });
  if (wanted.request) {
    await writes.rememberAnswer({ ...wanted.request, resourceId: task.id, at: now });
  }
  return { task, events };
}

/** Writes what was done, and then what its owner should know of it. */
async function appendEvents(
  writes: Writes,
  { id: taskId }: Task,
  {
    warnings,
    ...done
  }: Pick<Event, 'at' | 'actor' | 'reason' | 'message'> & Pick<Wanted, 'warnings'>,
): Promise<readonly Event[]> {
  const first = await writes.appendEvent({ ...done, taskId, severity: 'INFO', epoch: 0 });
  const events = [first];
  for (const warning of warnings) {
    const draft = { ...done, ...warning, taskId, severity: 'WARNING', epoch: 0 } as const;
    events.push(await writes.appendEvent(draft));
  }
  return events;
}

async function insert(writes: Writes, wanted: Wanted, now: number): Promise<Task> {
  if ((await writes.countTasks(wanted.user)) >= limits.tasksPerUserMax) {
    const message = `users/${wanted.user} has ${limits.tasksPerUserMax} tasks, the most there may be. Delete one.`;
    throw new DomainError('QUOTA_EXCEEDED', {
      message,
      metadata: { quota: 'tasks_per_user', max: String(limits.tasksPerUserMax) },
    });
  }
  const task: Task = {
    id: await writes.nextId(),
    uid: randomUUID(),
    user: wanted.user,
    name: wanted.name,
    version: 1,
    generation: 1,
    ...wanted.definition,
    annotations: wanted.annotations,
    desired: 'STOPPED',
    createdAt: now,
    updatedAt: now,
  };
  await writes.insertTask(task);
  return task;
}

async function replace(
  writes: Writes,
  existing: Task,
  { wanted, now }: { readonly wanted: Wanted; readonly now: number },
): Promise<Task> {
  const specChanged = !isDeepStrictEqual(existing.spec, wanted.definition.spec);
  const task: Task = {
    ...existing,
    ...wanted.definition,
    annotations: wanted.annotations,
    version: existing.version + 1,
    generation: existing.generation + (specChanged ? 1 : 0),
    updatedAt: now,
  };
  await writes.updateTask(task);
  return task;
}

function taskExists(task: Task): DomainError {
  const resource = taskResourceName(task);
  const message = `There is a task "${resource}" already. Choose another name, or force to replace it.`;
  return new DomainError('TASK_EXISTS', { message, metadata: { resource } });
}

async function viewById(room: Room, { user, name, done }: Answered): Promise<TaskView> {
  return viewTask(room, await taskById(room.store, done, { user, name }));
}

async function taskById(
  reads: Pick<Writes, 'taskById'>,
  id: number,
  name: Pick<Task, 'user' | 'name'>,
): Promise<Task> {
  const task = await reads.taskById(id);
  if (!task) throw taskNotFound(name);
  return task;
}

function withoutSecrets(draft: TaskDraft | undefined): unknown {
  const spec: SpecDraft | undefined = draft?.spec;
  if (!spec) return draft;
  const { sasl, tls, schemaRegistryAuth: auth, ...source } = spec.source ?? {};
  const { symetry, oip, ...predictor } = spec.predictor ?? {};
  return {
    ...draft,
    spec: {
      ...spec,
      predictor: {
        ...predictor,
        ...(symetry ? { symetry: { ...symetry, secretKey: Boolean(symetry.secretKey) } } : {}),
        ...(oip ? { oip: oipWithoutSecrets(oip) } : {}),
      },
      source: {
        ...source,
        ...(sasl ? { sasl: { ...sasl, password: Boolean(sasl.password) } } : {}),
        ...(tls ? { tls: { ...tls, key: Boolean(tls.key) } } : {}),
        ...(auth ? { schemaRegistryAuth: { ...auth, password: Boolean(auth.password) } } : {}),
      },
    },
  };
}

function oipWithoutSecrets({ basic, bearerToken, ...oip }: OipDraft): unknown {
  return {
    ...oip,
    bearerToken: Boolean(bearerToken),
    ...(basic ? { basic: { ...basic, password: Boolean(basic.password) } } : {}),
  };
}
