import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { type Task, TaskSchema } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { ValidateTaskResponse } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { tasks } from './clients.js';

/** A definition as it was typed in. */
export interface Definition {
  /** `users/{user}`. */
  readonly parent: string;
  /** JSON of a task, by the names of the contract. */
  readonly json: JsonObject;
}

/** A dry run connects, reads and scores. */
const dryRunTimeoutMs = 60_000;

/** What is wrong with it and, with `dryRunRecords`, what it would write. Throws what the service answers. */
export async function validate(
  { parent, json, dryRunRecords }: Definition & { readonly dryRunRecords: number },
  signal?: AbortSignal,
): Promise<ValidateTaskResponse> {
  const request = { parent, task: taskOf(json), dryRunRecords };
  const options = signal ? { signal } : {};
  return tasks.validateTask(request, { ...options, timeoutMs: dryRunTimeoutMs });
}

/** Makes the task and answers its name. The same `requestId` makes it once, however often it is sent. */
export async function createTask(
  { parent, json, taskId }: Definition & { readonly taskId: string },
  requestId: string,
): Promise<string> {
  const { name } = await tasks.createTask({ parent, taskId, task: taskOf(json), requestId });
  return name;
}

/** Throws an Error that says which field is not of its type. */
function taskOf(json: JsonObject): Task {
  return fromJson(TaskSchema, json);
}
