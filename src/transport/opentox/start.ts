import type { DescMethod } from '@bufbuild/protobuf';
import { DomainError } from '../../domain/errors.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import type { Dialect } from '../dialect.js';
import { toConnectError } from '../errors.js';
import type { Representation, RestReply } from '../rest/representation.js';
import type { RestCall } from '../rest/rest-call.js';
import { startedKey } from '../started.js';
import { taskFormatOf } from './format.js';
import { taskToMessage } from './messages.js';
import { errorReply, type RepresentationDeps, taskReply } from './representation.js';
import { urisUnder } from './uris.js';

export interface StartDeps extends RepresentationDeps {
  readonly service: Pick<Service, 'findExecution'>;
}

/**
 * Lets the methods of another API that start something answer in OpenTox's way, with 202 and the task, to those whose
 * `Accept` rather wants a URI list or RDF than JSON. All other answers stay as `base` makes them. The implementation of
 * such a method tells what it has started by `startedKey`; failures of `starts` are error reports.
 */
export function answerStartsWithTasks(
  base: Representation,
  starts: readonly DescMethod[],
  deps: StartDeps,
): Representation {
  const isStart = (call: RestCall) =>
    call.route !== undefined && starts.includes(call.route.method);
  return {
    ...base,
    encode: async (call, message) =>
      (await startReply(deps, call)) ?? (await base.encode?.(call, message)),
    encodeError(call, error) {
      const format = isStart(call) ? taskFormatOf(call) : undefined;
      return format ? errorReply({ call, error, format }, deps) : base.encodeError?.(call, error);
    },
  };
}

/** Lets whatever a dialect starts answer so. Its failures stay in its own form, whoever asks. */
export function offerTasks(dialect: Dialect, deps: StartDeps): Dialect {
  // What services share stays shared: it is how the engine knows in whose form to answer near their routes.
  const offering = new Map(
    dialect.representations.map(({ representation }) => [
      representation,
      answerStartsWithTasks(representation, [], deps),
    ]),
  );
  const representations = dialect.representations.map(({ service, representation }) => ({
    service,
    representation: offering.get(representation) ?? representation,
  }));
  return { ...dialect, representations };
}

async function startReply(
  { service, publicUrl }: StartDeps,
  call: RestCall,
): Promise<RestReply | undefined> {
  const id = call.values.get(startedKey);
  const format = taskFormatOf(call);
  if (id === undefined || !format) return undefined;
  const report = await found(service.findExecution(callerOf(call), { id: String(id) }));
  const task = taskToMessage(report, urisUnder(publicUrl ?? call.request.origin ?? ''));
  return taskReply(202, task, format);
}

/** No interceptor translates what goes wrong here. */
async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof DomainError ? toConnectError(error) : error;
  }
}
