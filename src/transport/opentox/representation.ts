import type { Message } from '@bufbuild/protobuf';
import { create, isMessage } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import {
  type ErrorReport,
  ErrorReportSchema,
  Status,
  type Task,
  TaskSchema,
} from '../../../gen/ts/opentox/v1/task_pb.js';
import {
  type History,
  HistorySchema,
  ListTasksResponseSchema,
  TaskService,
} from '../../../gen/ts/opentox/v1/task_service_pb.js';
import type { Authenticator } from '../auth.js';
import { codeName, errorHeaders, httpStatusOf } from '../rest/errors.js';
import type { Representation, RestReply } from '../rest/representation.js';
import type { RestCall } from '../rest/rest-call.js';
import { authenticate, subjectId } from './auth.js';
import { describeError, describeHistory, describeTasks } from './describe.js';
import { type Format, formatOf } from './format.js';
import { type Graph, parseIri } from './graph.js';
import { errorToJson, historyToJson, tasksToJson } from './json.js';
import { writeRdfXml } from './rdf-xml.js';
import { writeTurtle } from './turtle.js';

export interface RepresentationDeps {
  readonly authenticator: Authenticator;
  /** What clients call the service, without a slash at the end; absent: what this one called it. */
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}

/** How OpenTox's tasks look over HTTP. */
export function openToxRepresentation(deps: RepresentationDeps): Representation {
  return {
    ownQuery: [subjectId, 'media'],
    // Clients send forms with any method, to carry the token.
    ignoresBody: true,
    authenticate: (call) => authenticate(deps.authenticator, call),
    encode: (call, message) => encode(call, message),
    encodeError: (call, error) => errorReply({ call, error, format: formatOf(call) }, deps),
  };
}

/** An answer that consists of one task. */
export function taskReply(status: number, task: Task, format: Format): RestReply {
  return reply(status, format, {
    graph: () => describeTasks([task]),
    uris: () => (task.resultUris.length > 0 ? task.resultUris : [task.uri]),
    json: () => tasksToJson([task]),
  });
}

interface Failure {
  readonly call: RestCall;
  readonly error: ConnectError;
  readonly format: Format;
}

/** An error report. As a URI list it is the URI that was asked for: clients read that before they judge the status. */
export function errorReply({ call, error, format }: Failure, deps: RepresentationDeps): RestReply {
  const report = reportOf(call, error, deps.publicUrl);
  const { status, headers, body } = reply(report.statusCode, format, {
    graph: () => describeError(report),
    uris: () => (report.actor ? [report.actor] : []),
    json: () => errorToJson(report, deps.now()),
  });
  const all = errorHeaders(error);
  new Headers(headers).forEach((value, name) => {
    all.set(name, value);
  });
  return { status, headers: all, body };
}

function encode(call: RestCall, message: Message): RestReply {
  const format = formatOf(call);
  if (isMessage(message, TaskSchema)) {
    const isDelete = call.route?.method === TaskService.method.deleteTask;
    return taskReply(isDelete ? 200 : statusOf(message), message, format);
  }
  if (isMessage(message, ListTasksResponseSchema)) {
    const { tasks } = message;
    return reply(200, format, {
      graph: () => describeTasks(tasks),
      uris: () => tasks.map(({ uri }) => uri),
      json: () => tasksToJson(tasks),
    });
  }
  if (isMessage(message, HistorySchema)) return historyReply(message, format);
  throw new Error(`OpenTox has no way to write a ${message.$typeName}`);
}

function historyReply(history: History, format: Format): RestReply {
  return reply(200, format, {
    graph: () => describeHistory(history),
    uris: () => history.entries.map(({ uri }) => uri),
    json: () => historyToJson(history),
  });
}

/** The status is what clients of OpenTox look at first, and some look at nothing else. */
function statusOf({ status, resumed, errorReport }: Task): number {
  if (errorReport) return errorReport.statusCode;
  if (status === Status.RUNNING) return 202;
  return resumed ? 201 : 200;
}

interface Content {
  readonly graph: () => Graph;
  readonly uris: () => readonly string[];
  readonly json: () => unknown;
}

function reply(status: number, format: Format, content: Content): RestReply {
  const headers = { 'content-type': format.contentType, vary: 'accept' };
  return { status, headers, body: bodyOf(format, content) };
}

function bodyOf({ syntax }: Format, { graph, uris, json }: Content): string {
  switch (syntax) {
    case 'rdf-xml':
      return writeRdfXml(graph());
    case 'turtle':
      return writeTurtle(graph());
    case 'uri-list':
      // No line end behind the last one: some clients take what follows for one more, empty line.
      return uris().join('\n');
    case 'json':
      return JSON.stringify(json());
  }
}

function reportOf(
  { request }: RestCall,
  error: ConnectError,
  publicUrl: string | undefined,
): ErrorReport {
  const [info] = error.findDetails(ErrorInfoSchema);
  const base = publicUrl ?? request.origin ?? '';
  // Without the query, which may hold a token.
  const asked = parseIri(base + request.rawPath) ?? parseIri(`${base}/task`);
  return create(ErrorReportSchema, {
    statusCode: httpStatusOf(error),
    message: error.rawMessage,
    actor: asked?.iri ?? '',
    details: info?.reason ?? codeName(error.code),
  });
}
