import { DomainError, type ErrorCode } from '../domain/errors.js';
import type { Model } from '../domain/model.js';
import {
  type ModelName,
  meAlias,
  modelResourceName,
  type TaskName,
  userResourceName,
} from '../domain/names.js';
import type { Reads, TaskWithNewest } from '../domain/ports.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { Caller, User } from '../domain/user.js';

/** `users/me` names the caller. */
export function resolveUser(caller: Caller, user: string): string {
  return user === meAlias ? caller.name : user;
}

/** Whether the caller may see what belongs to this user. */
export function maySee(caller: Caller, user: string): boolean {
  return caller.role === 'ADMIN' || caller.name === user;
}

/** How the caller is named in the history. */
export function actorOf(caller: Caller): string {
  return userResourceName(caller.name);
}

/** The user whose things the caller asks for; USER_NOT_FOUND if there is none, or it is another's. */
export async function findUser(reads: Reads, caller: Caller, named: string): Promise<User> {
  const name = resolveUser(caller, named);
  const user = await reads.userByName(name);
  if (user && maySee(caller, name)) return user;
  throw notFound('USER_NOT_FOUND', 'user', userResourceName(name));
}

/** Throws USER_NOT_FOUND if this user went since: what is written now would be nobody's, or a namesake's. */
export async function assertUserStays(
  reads: Reads,
  { id, name }: Pick<User, 'id' | 'name'>,
): Promise<void> {
  if ((await reads.userByName(name))?.id === id) return;
  throw notFound('USER_NOT_FOUND', 'user', userResourceName(name));
}

/** Throws UNAUTHENTICATED if the credentials that the call came with have ended since, alone or with their user. */
export async function assertCredentialsStay(
  reads: Pick<Reads, 'userByName'>,
  { name, credentials }: Caller,
): Promise<void> {
  if (credentials === undefined) return;
  if ((await reads.userByName(name))?.tokenHash === credentials) return;
  throw new DomainError('UNAUTHENTICATED');
}

/** The task, if it is there and the caller's; TASK_NOT_FOUND in both other cases, so that nothing is given away. */
export function findTask(reads: Reads, caller: Caller, name: TaskName): Promise<Task> {
  return found(caller, name, reads.taskByName);
}

/** The same with its newest execution. */
export function findTaskWithNewest(
  reads: Reads,
  caller: Caller,
  name: TaskName,
): Promise<TaskWithNewest> {
  return found(caller, name, reads.taskWithNewest);
}

async function found<T>(
  caller: Caller,
  name: TaskName,
  read: (user: string, name: string) => Promise<T | undefined>,
): Promise<T> {
  const user = resolveUser(caller, name.user);
  const task = await read(user, name.task);
  if (task && maySee(caller, user)) return task;
  throw taskNotFound({ user, name: name.task });
}

/** The model, if it is there and the caller's; MODEL_NOT_FOUND in both other cases. */
export async function findModel(reads: Reads, caller: Caller, name: ModelName): Promise<Model> {
  const user = resolveUser(caller, name.user);
  const model = await reads.modelByName(user, name.model);
  if (model && maySee(caller, user)) return model;
  throw notFound('MODEL_NOT_FOUND', 'model', modelResourceName({ user, name: name.model }));
}

/** What a caller is told of a task that is not there. */
export function taskNotFound(task: Pick<Task, 'user' | 'name'>): DomainError {
  return notFound('TASK_NOT_FOUND', 'task', taskResourceName(task));
}

/** What a caller is told of anything that is not there. */
export function notFound(code: ErrorCode, kind: string, resource: string): DomainError {
  const message = `There is no ${kind} "${resource}".`;
  return new DomainError(code, { message, metadata: { resource } });
}
