import { DomainError, invalidFields } from '../domain/errors.js';
import { Faults } from '../domain/faults.js';
import { modelFaults } from '../domain/fit-model.js';
import type { ModelRef } from '../domain/model.js';
import type { ModelWish } from '../domain/model-wish.js';
import { parseTaskName } from '../domain/names.js';
import { isFinal } from '../domain/state.js';
import type { Task, TaskSpec } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { readModel } from '../domain/validate-predictor.js';
import { actorOf, findTask } from './access.js';
import type { Room } from './deps.js';
import { answered, repeatable, requestIdFault } from './request-id.js';
import { type TaskView, viewTask } from './views.js';

/** A change of the models of a task. */
export interface ChangeModelsRequest {
  /** `users/{user}/tasks/{task}`. */
  readonly name: string;
  /** If not empty, only the task with this etag is changed. */
  readonly etag?: string;
  readonly requestId?: string;
}

export interface NewModelRequest extends ChangeModelsRequest {
  /** Id of a model of the task's owner, or its resource name. */
  readonly model: string;
}

/** Replaces the model that scores; what runs goes on meanwhile. */
export function swapModel(room: Room) {
  return (caller: Caller, request: NewModelRequest): Promise<TaskView> =>
    change(room, caller, { ...request, method: 'SwapModel', type: 'swap' });
}

/** Lets a second model score beside the active one, to compare them. */
export function shadowModel(room: Room) {
  return (caller: Caller, request: NewModelRequest): Promise<TaskView> =>
    change(room, caller, { ...request, method: 'ShadowModel', type: 'shadow' });
}

/** Makes the shadow the active model. */
export function promoteShadow(room: Room) {
  return (caller: Caller, request: ChangeModelsRequest): Promise<TaskView> =>
    change(room, caller, { ...request, method: 'PromoteShadow', type: 'promote' });
}

/** Ends the shadow, or the wish for one. */
export function dropShadow(room: Room) {
  return (caller: Caller, request: ChangeModelsRequest): Promise<TaskView> =>
    change(room, caller, { ...request, method: 'DropShadow', type: 'drop' });
}

/** Undoes the newest swap. */
export function rollbackModel(room: Room) {
  return (caller: Caller, request: ChangeModelsRequest): Promise<TaskView> =>
    change(room, caller, { ...request, method: 'RollbackModel', type: 'rollback' });
}

interface Change extends ChangeModelsRequest {
  readonly method: string;
  readonly type: ModelWish['type'];
  readonly model?: string | undefined;
}

async function change(room: Room, caller: Caller, request: Change): Promise<TaskView> {
  const { method, type, model, etag = '', requestId = '' } = request;
  const faults = new Faults();
  const name = faults.try(() => parseTaskName(request.name, 'name'));
  if (model === '') faults.add('model', 'REQUIRED', 'Name the model.');
  faults.take(requestIdFault(requestId));
  faults.throwIfAny();
  const task = await findTask(room.store, caller, name ?? { user: '', task: '' });
  const answer = repeatable(caller, requestId, { method, parts: [task.uid, model ?? '', etag] });
  if ((await answered(room.store, answer)) === undefined) {
    const wish = await readWish(room, task, { type, model });
    const actor = actorOf(caller);
    await room.supervisor.changeModels(task, { wish, actor, etag, ...(answer ? { answer } : {}) });
  }
  return viewTask(room, (await room.store.taskById(task.id)) ?? task);
}

async function readWish(
  room: Room,
  task: Task,
  { type, model }: Pick<Change, 'type' | 'model'>,
): Promise<ModelWish> {
  if (task.spec.predictor.type !== 'onnx') throw new DomainError('MODEL_NOT_SWAPPABLE');
  if (type !== 'swap' && type !== 'shadow') return { type };
  return { type, model: await findFitting(room, task, model ?? '') };
}

/** The model, if it is there and fits what runs now, or else what runs next; INVALID_FIELD otherwise. */
async function findFitting(room: Room, task: Task, given: string): Promise<ModelRef> {
  const faults = new Faults();
  const { user } = task;
  const name = readModel(given, { faults, path: 'model', context: { user } });
  faults.throwIfAny();
  const spec = await specOf(room, task);
  const { predictor } = spec;
  if (predictor.type !== 'onnx') throw new DomainError('MODEL_NOT_SWAPPABLE');
  const model = await room.store.modelByName(user, name);
  const wanted = { predictor: { ...predictor, model: name }, task: spec };
  const found = modelFaults(wanted, model, { predictor: 'predictor', task: 'task' });
  // Whatever part of the spec it does not fit: it is the model that was given.
  if (found.length > 0 || !model) {
    throw invalidFields(found.map((fault) => ({ ...fault, field: 'model' })));
  }
  return { name, sha256: model.sha256 };
}

async function specOf(room: Room, task: Task): Promise<TaskSpec> {
  const { execution } = await room.supervisor.observe(task.id);
  return execution && !isFinal(execution.state) ? execution.spec : task.spec;
}
