import type {
  DeadLetter,
  DeadLetterPlace,
  DeadLetterSource,
  Purged,
  Replayed,
} from '../domain/dead-letter.js';
import { invalidField } from '../domain/errors.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import { deadLetterResourceName, parseDeadLetterName, parseTaskName } from '../domain/names.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import { brokersOf, type Format, type Task, taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { unfilledFaults } from '../domain/variables.js';
import { findTask, notFound, resolveUser } from './access.js';
import type { Room } from './deps.js';

/** A dead letter with its resource name. */
export interface DeadLetterView extends DeadLetter {
  readonly name: string;
  /** How the task reads values now. */
  readonly format: Format;
}

export interface ListDeadLettersRequest {
  /** `users/{user}/tasks/{task}`. */
  readonly parent: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly signal?: AbortSignal;
}

export interface DeadLetterViews {
  readonly deadLetters: readonly DeadLetterView[];
  readonly nextPageToken: string;
}

/** Lists the dead letters of a task by partition and offset. */
export function listDeadLetters(room: Room) {
  return async (caller: Caller, request: ListDeadLettersRequest): Promise<DeadLetterViews> => {
    const faults = new Faults();
    const name = faults.try(() => parseTaskName(request.parent, 'parent'));
    const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
    const mark = ['deadLetters', request.parent];
    const types = ['number', 'number'] as const;
    const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, types));
    faults.throwIfAny();
    const task = await findTask(room.store, caller, name ?? { user: '', task: '' });
    const from = { partition: Number(key?.[0] ?? 0), offset: Number(key?.[1] ?? 0) };
    const size = Math.min(limit, limits.deadLettersPageMax);
    const source = await sourceOf(room, task, request.signal);
    const { letters, next } = await room.deadLetters.list(source, from, size);
    return {
      deadLetters: letters.map((letter) => viewOf(task, letter)),
      nextPageToken: next ? pageToken(mark, [next.partition, next.offset]) : '',
    };
  };
}

export interface GetDeadLetterRequest {
  /** `users/{user}/tasks/{task}/deadLetters/{partition}-{offset}`. */
  readonly name: string;
  readonly signal?: AbortSignal;
}

/** Reads one dead letter. */
export function getDeadLetter(room: Room) {
  return async (caller: Caller, request: GetDeadLetterRequest): Promise<DeadLetterView> => {
    const name = parseDeadLetterName(request.name, 'name');
    const task = await findTask(room.store, caller, name);
    const source = await sourceOf(room, task, request.signal);
    const letter = await room.deadLetters.get(source, name);
    if (letter) return viewOf(task, letter);
    const resource = deadLetterResourceName(taskResourceName(task), name);
    throw notFound('DEAD_LETTER_NOT_FOUND', 'dead letter', resource);
  };
}

export interface ReplayDeadLettersRequest {
  readonly parent: string;
  readonly names?: readonly string[];
  readonly all?: boolean;
  readonly signal?: AbortSignal;
}

/** Writes dead letters back to the source of their task. */
export function replayDeadLetters(room: Room) {
  return async (caller: Caller, request: ReplayDeadLettersRequest): Promise<Replayed> => {
    const { parent, names = [], all = false, signal } = request;
    const name = parseTaskName(parent, 'parent');
    if (all === names.length > 0) {
      throw invalidField('names', 'CONFLICT', 'Give either names or all.');
    }
    if (names.length > limits.replayNamesMax) {
      const description = `There are ${names.length}. Give at most ${limits.replayNamesMax}, or all.`;
      throw invalidField('names', 'TOO_MANY', description);
    }
    const task = await findTask(room.store, caller, name);
    const places = all ? 'all' : placesOf(caller, task, names);
    const source = await sourceOf(room, task, signal);
    return room.exclusive(`dead letters ${task.id}`, () => room.deadLetters.replay(source, places));
  };
}

export interface PurgeDeadLettersRequest {
  readonly parent: string;
  /** Milliseconds since 1970. */
  readonly before?: number | undefined;
  readonly all?: boolean;
  readonly signal?: AbortSignal;
}

/** Deletes dead letters of a task. */
export function purgeDeadLetters(room: Room) {
  return async (caller: Caller, request: PurgeDeadLettersRequest): Promise<Purged> => {
    const { parent, before, all = false, signal } = request;
    const name = parseTaskName(parent, 'parent');
    if (all === (before !== undefined)) {
      throw invalidField('before', 'CONFLICT', 'Give either before or all.');
    }
    const task = await findTask(room.store, caller, name);
    const source = await sourceOf(room, task, signal);
    return room.exclusive(`dead letters ${task.id}`, () => room.deadLetters.purge(source, before));
  };
}

function viewOf(task: Task, letter: DeadLetter): DeadLetterView {
  const name = deadLetterResourceName(taskResourceName(task), letter);
  return { ...letter, name, format: task.spec.source.format };
}

/** The parent may say `users/me` where the names do not, or the other way round. */
function placesOf(caller: Caller, task: Task, names: readonly string[]): DeadLetterPlace[] {
  return names.map((text, index) => {
    const { partition, offset, ...of } = parseDeadLetterName(text, `names[${index}]`);
    const isOwn = of.task === task.name && resolveUser(caller, of.user) === task.user;
    if (isOwn) return { partition, offset };
    throw invalidField(`names[${index}]`, 'OTHER_TASK', `It is none of ${taskResourceName(task)}.`);
  });
}

/** A task whose topics are only known when it runs has its dead letters where it ran last. */
async function sourceOf(
  { store, settings }: Room,
  { id, uid, spec: own }: Task,
  signal: AbortSignal | undefined,
): Promise<DeadLetterSource> {
  const isOpen = unfilledFaults(own, 'spec').length > 0;
  const spec = (isOpen ? (await store.newestExecution(id))?.spec : undefined) ?? own;
  const bootstrapServers = brokersOf(spec.source, settings.brokers);
  const filled = { ...spec, source: { ...spec.source, bootstrapServers } };
  return { taskUid: uid, spec: filled, ...(signal ? { signal } : {}) };
}
