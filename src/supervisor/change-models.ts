import { DomainError } from '../domain/errors.js';
import type { Event } from '../domain/event.js';
import type { ModelRef } from '../domain/model.js';
import { type ModelWish, wishAtRest } from '../domain/model-wish.js';
import type { ModelFiles, ModelsRequest, Reads, Writes } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import type { Scoring } from '../domain/scoring.js';
import { isFinal } from '../domain/state.js';
import type { ModelRefusal } from '../domain/step-input.js';
import { scoringOf, type Task, uploadedModel } from '../domain/task.js';
import { assertEtag } from '../domain/task-etag.js';
import type { ModelFile } from '../runner/messages.js';

/** Whether a wish is about what runs now, and not about what the next execution begins with. */
export function concerns(run: Run | undefined): run is Run {
  return run !== undefined && !isFinal(run.execution.state) && run.execution.state !== 'STOPPING';
}

/** Throws, inside a write, unless the wish may be noted: the task is as the caller saw it, and the model is there. */
export async function assertWishable(
  writes: Writes,
  taskId: number,
  { wish, etag }: Pick<ModelsRequest, 'wish' | 'etag'>,
): Promise<Task> {
  const task = await writes.taskById(taskId);
  if (!task) throw new DomainError('TASK_NOT_FOUND');
  assertEtag(task, etag);
  const model = modelOf(scoringOf(task), wish);
  if (model && !(await findModel(writes, task.user, model))) {
    const message = `There is no model ${model.name} any more.`;
    throw new DomainError('MODEL_NOT_FOUND', { message });
  }
  return task;
}

/** Changes the models that the next execution of a task begins with. Answers the event, unless nothing changed. */
export async function changeAtRest(
  writes: Writes,
  task: Task,
  { wish, actor, now }: Pick<ModelsRequest, 'wish' | 'actor'> & { readonly now: number },
): Promise<Event | undefined> {
  const scoring = scoringOf(task);
  const change = scoring && wishAtRest(scoring, wish);
  if (!change) return undefined;
  const { reason, message, scoring: next } = change;
  await writeScoring(writes, task, { scoring: next, model: next.active.name, now });
  const told = { taskId: task.id, at: now, actor, reason, message } as const;
  return await writes.appendEvent({ ...told, severity: 'INFO', epoch: 0 });
}

/**
 * Notes the models that the next execution of a task begins with, after those that run were changed. Its spec names the active one,
 * unless somebody has named another one since: that was said of the next execution, and not of what runs.
 */
export async function keepScoring(
  writes: Writes,
  taskId: number,
  { scoring, now }: { readonly scoring: Scoring; readonly now: number },
): Promise<void> {
  const task = await writes.taskById(taskId);
  if (!task) return;
  const named = uploadedModel(task.spec);
  if (named === undefined) return;
  const isOther = task.scoring !== undefined && task.scoring.active.name !== named;
  const model = isOther ? named : scoring.active.name;
  await writeScoring(writes, task, { scoring, model, now });
}

async function writeScoring(
  writes: Writes,
  task: Task,
  {
    scoring,
    model,
    now,
  }: { readonly scoring: Scoring; readonly model: string; readonly now: number },
): Promise<void> {
  const { predictor } = task.spec;
  if (predictor.type !== 'onnx') return;
  await writes.updateTask({
    ...task,
    spec: { ...task.spec, predictor: { ...predictor, model } },
    scoring,
    version: task.version + 1,
    generation: task.generation + (predictor.model === model ? 0 : 1),
    updatedAt: now,
  });
}

/** What a runner has to know of a model; undefined if it is gone, or has other bytes by now. */
export async function modelFileOf(
  ref: ModelRef,
  task: Pick<Task, 'user'>,
  { store, modelFiles }: ModelSources,
): Promise<ModelFile | undefined> {
  const model = await findModel(store, task.user, ref);
  if (!model) return undefined;
  const { sha256, inputs, outputs } = model;
  return { path: modelFiles.path(sha256), sha256, inputs, outputs };
}

/** The same, or why there is none. */
export async function findModelFile(
  ref: ModelRef,
  task: Pick<Task, 'user'>,
  sources: ModelSources,
): Promise<ModelFile | ModelRefusal> {
  try {
    const gone = { reason: 'MODEL_NOT_FOUND', message: `There is no model ${ref.name} any more.` };
    return (await modelFileOf(ref, task, sources)) ?? gone;
  } catch (error) {
    return { reason: 'STORE_UNAVAILABLE', message: String(error) };
  }
}

export interface ModelSources {
  readonly store: Pick<Reads, 'modelByName'>;
  readonly modelFiles: Pick<ModelFiles, 'path'>;
}

async function findModel(
  reads: Pick<Reads, 'modelByName'>,
  user: string,
  { name, sha256 }: ModelRef,
) {
  const model = await reads.modelByName(user, name);
  return model && (sha256 === '' || model.sha256 === sha256) ? model : undefined;
}

/** The model that a wish would put to work. */
function modelOf(scoring: Scoring | undefined, wish: ModelWish): ModelRef | undefined {
  if (wish.type === 'swap' || wish.type === 'shadow') return wish.model;
  if (wish.type === 'promote') return scoring?.shadow;
  return wish.type === 'rollback' ? scoring?.previous : undefined;
}
