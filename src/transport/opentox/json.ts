import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { ErrorReport, Task } from '../../../gen/ts/opentox/v1/task_pb.js';
import type { History } from '../../../gen/ts/opentox/v1/task_service_pb.js';
import { statusWord } from './messages.js';

/** Tasks as AMBIT writes them: always an array, also for one. */
export function tasksToJson(tasks: readonly Task[]): JsonValue {
  return { task: tasks.map(taskToJson) };
}

/** An error in the place of a task, so that what polls tasks sees that it is over. */
export function errorToJson(report: ErrorReport, now: number): JsonValue {
  const { actor, message, details, statusCode } = report;
  const mayNot = statusCode === 401 || statusCode === 403;
  const task: JsonObject = {
    uri: actor,
    id: '',
    name: '',
    error: message,
    policyError: mayNot ? message : '',
    status: 'Error',
    started: now,
    completed: now,
    result: actor,
    errorCause: details,
  };
  return { task: [task] };
}

/** What happened to a task, in the same manner. */
export function historyToJson({ uri, task, entries }: History): JsonValue {
  return {
    uri,
    task,
    history: entries.map((entry) => ({
      uri: entry.uri,
      date: milliseconds(entry.date),
      name: entry.title,
      message: entry.description,
      actor: entry.actor,
      severity: entry.severity,
      status: statusWord(entry.status) || null,
    })),
  };
}

function taskToJson(task: Task): JsonObject {
  const { errorReport } = task;
  // AMBIT names the result by both as soon as there is one.
  const uri = task.resultUris[0] ?? task.uri;
  return {
    uri,
    id: task.id,
    name: task.title,
    error: errorReport?.message ?? '',
    policyError: '',
    status: task.queued ? 'Queued' : statusWord(task.status),
    started: milliseconds(task.date),
    completed: task.endDate ? timestampMs(task.endDate) : -1,
    result: uri,
    errorCause: errorReport?.cause || null,
  };
}

function milliseconds(date: Timestamp | undefined): number {
  return date ? timestampMs(date) : 0;
}
