import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ErrorReport,
  ErrorReportSchema,
  Status,
  type Task,
  TaskSchema,
} from '../../../gen/ts/opentox/v1/task_pb.js';
import {
  EntrySchema,
  type History,
  HistorySchema,
  type ListTasksRequest,
} from '../../../gen/ts/opentox/v1/task_service_pb.js';
import { invalidField } from '../../domain/errors.js';
import type { Event } from '../../domain/event.js';
import type { Execution } from '../../domain/execution.js';
import { executionResourceName, shown } from '../../domain/names.js';
import type { TaskSpec } from '../../domain/task.js';
import { type ExecutionReport, type Outcome, outcomeOf } from '../../service/execution-report.js';
import type { ListAllExecutionsRequest } from '../../service/list-all-executions.js';
import type { Uris } from './uris.js';

/** An execution in OpenTox's words, under the id by which the caller asked for it, or its UUID. */
export function taskToMessage(report: ExecutionReport, uris: Uris, askedId?: string): Task {
  const { execution, outcome, resumedBy } = report;
  const uri = uris.task(askedId ?? execution.uid);
  const errorReport = errorReportOf(report, uri);
  return create(TaskSchema, {
    uri,
    id: execution.uid,
    title: report.displayName || titleOf(execution.spec),
    description: execution.message,
    creator: uris.resource(report.task),
    date: timestampFromMs(execution.createdAt),
    ...(execution.endedAt === undefined ? {} : { endDate: timestampFromMs(execution.endedAt) }),
    status: statuses[outcome],
    queued: execution.state === 'QUEUED',
    percentageCompleted: percentOf(report),
    resultUris: outcome === 'COMPLETED' ? [resultOf(report, uris)] : [],
    resumed: resumedBy !== undefined,
    ...(errorReport ? { errorReport } : {}),
  });
}

/** The history of a task. */
export function historyToMessage(
  { execution }: ExecutionReport,
  events: readonly Event[],
  { uris, askedId }: { readonly uris: Uris; readonly askedId: string },
): History {
  const uri = uris.history(askedId);
  const entries = events.map((event) =>
    create(EntrySchema, {
      uri: `${uri}#${event.number}`,
      date: timestampFromMs(event.at),
      title: event.reason,
      description: event.message,
      actor: event.actor,
      severity: event.severity,
      status: event.toState === undefined ? 0 : statuses[outcomeOf(event.toState)],
    }),
  );
  return create(HistorySchema, { uri, task: uris.task(askedId || execution.uid), entries });
}

/** Which tasks a list is about. INVALID_FIELD at the parameter that makes no sense. */
export function listFromMessage(request: ListTasksRequest): ListAllExecutionsRequest {
  const { max } = request;
  if (max < 0) throw invalidField('max', 'OUT_OF_RANGE', 'Give a number from 1 to 1000.');
  const parameter = (['query', 'search', 'status'] as const).find((name) => request[name] !== '');
  const outcome = parameter && outcomeNamed(parameter, request[parameter]);
  return { outcome, ...(max === 0 ? {} : { max }) };
}

/** What OpenTox writes for a status, empty if there is none; its list has no other words. */
export function statusWord(status: Status): string {
  return words.get(status) ?? '';
}

const words: ReadonlyMap<Status, string> = new Map([
  [Status.RUNNING, 'Running'],
  [Status.COMPLETED, 'Completed'],
  [Status.CANCELLED, 'Cancelled'],
  [Status.ERROR, 'Error'],
]);

const statuses: Readonly<Record<Outcome, Status>> = {
  UNDER_WAY: Status.RUNNING,
  COMPLETED: Status.COMPLETED,
  CANCELLED: Status.CANCELLED,
  FAILED: Status.ERROR,
};

const outcomes: ReadonlyMap<string, Outcome | 'QUEUED'> = new Map([
  ['running', 'UNDER_WAY'],
  ['completed', 'COMPLETED'],
  ['cancelled', 'CANCELLED'],
  ['error', 'FAILED'],
  ['queued', 'QUEUED'],
]);

function outcomeNamed(parameter: string, text: string): Outcome | 'QUEUED' {
  const word = text.replace(/^https?:\/\/www\.opentox\.org\/api\/1\.1(?:\/opentox\.owl)?#/, '');
  const outcome = outcomes.get(word.toLowerCase());
  if (outcome) return outcome;
  const allowed = 'Allowed status values: Running, Completed, Cancelled, Error, Queued.';
  throw invalidField(parameter, 'UNKNOWN_VALUE', `"${shown(text)}" is no status. ${allowed}`);
}

function titleOf({ predictor, source }: TaskSpec): string {
  const what = 'model' in predictor ? `model ${predictor.model}` : 'a remote model';
  return `Apply ${what} to topic ${source.topic}`;
}

function percentOf({ execution, outcome }: ExecutionReport): number {
  return outcome === 'COMPLETED' ? 100 : execution.progress.percentComplete;
}

/** What came of it: the task that goes on with it, or its own record with the counters and the topics. */
function resultOf({ execution, task, resumedBy }: ExecutionReport, uris: Uris): string {
  return resumedBy
    ? uris.task(resumedBy.uid)
    : uris.resource(executionResourceName(task, execution.number));
}

/** HTTP statuses of tasks that did not complete: servers of OpenTox agree on the first, its document says the second. */
const failureCodes = { CANCELLED: 503, FAILED: 500 } as const;

function errorReportOf(
  { execution, outcome }: ExecutionReport,
  actor: string,
): ErrorReport | undefined {
  if (outcome !== 'CANCELLED' && outcome !== 'FAILED') return undefined;
  return create(ErrorReportSchema, {
    statusCode: failureCodes[outcome],
    message: execution.message || 'The task did not complete.',
    actor,
    details: execution.reason,
    cause: causeOf(execution),
  });
}

function causeOf({ lastError, message }: Execution): string {
  return lastError === message ? '' : lastError;
}
