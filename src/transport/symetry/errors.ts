import { Code, type ConnectError } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
} from '../../../gen/ts/google/rpc/error_details_pb.js';
import { httpStatusOf } from '../rest/errors.js';
import { keys } from './params.js';
import { type Refusal, refusalOf } from './refusal.js';

/** What an error says over HTTP: a documented text where there is one, a status that is documented in any case. */
export function answerOf(
  error: ConnectError,
): Omit<Refusal, 'status'> & { readonly status: number } {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  const [info] = error.findDetails(ErrorInfoSchema);
  if (!info) {
    const status = httpStatusOf(error);
    return { status: documentedStatus.get(status) ?? status, statusString: error.rawMessage };
  }
  const { user, id } = partsOf(info.metadata.resource ?? '');
  switch (info.reason) {
    case 'TASK_EXISTS':
      return {
        status: 409,
        statusString: `Customer [${user}] already have Task with name [${id}]`,
      };
    case 'TASK_NOT_FOUND':
      return { status: 400, statusString: `Cannot Find Task id[${id}] for Customer id [${user}]` };
    case 'USER_NOT_FOUND':
      return { status: 401, statusString: 'Invalid User' };
    case 'MODEL_NOT_FOUND':
      return { status: 500, statusString: `Generic Exception <Error no such model <${id}>>` };
    case 'TASKS_MAX_REACHED':
      return {
        status: 500,
        statusString: `Task execution was refused by server. ${error.rawMessage}`,
      };
    default:
      return { status: domainStatus(error), statusString: textOf(error) };
  }
}

/** SymetryML knows neither "forbidden" nor "too many" nor a time-out. */
const documentedStatus: ReadonlyMap<number, number> = new Map([
  [403, 401],
  [429, 503],
  [504, 503],
]);

/** A request that does not fit the present state is a conflict; what is not there is a bad request. */
function domainStatus(error: ConnectError): number {
  if (error.code === Code.NotFound) return 400;
  if (error.code === Code.FailedPrecondition || error.code === Code.ResourceExhausted) return 409;
  const status = httpStatusOf(error);
  return documentedStatus.get(status) ?? status;
}

function partsOf(resource: string): { readonly user: string; readonly id: string } {
  const [, user = '', , id = ''] = resource.split('/');
  return { user, id };
}

/** What is wrong, by the keys that the caller wrote. */
function textOf(error: ConnectError): string {
  const fields = error
    .findDetails(BadRequestSchema)
    .flatMap(({ fieldViolations }) => fieldViolations)
    .map(({ field, description }) => ({ field, description }));
  const subjects = error
    .findDetails(PreconditionFailureSchema)
    .flatMap(({ violations }) => violations)
    .map(({ subject, description }) => ({ field: subject, description }));
  const all = [...fields, ...subjects];
  if (all.length === 0) return error.rawMessage;
  const more = all.length > shownMax ? ` (and ${all.length - shownMax} more)` : '';
  const texts = all
    .slice(0, shownMax)
    .map(({ field, description }) => `${keyOf(field)}: ${description}`);
  return texts.join(' ') + more;
}

const shownMax = 3;

/** SymetryML's key for a field of the core's task. */
function keyOf(field: string): string {
  const path = field.replace(/^(?:task\.)?spec\./, '');
  const option = /^source\.options\["(.+)"\]$/.exec(path)?.[1];
  if (option !== undefined) return option === 'client.id' ? keys.clientId : option;
  const [key] = keysByPath.find(([, start]) => path.startsWith(start)) ?? [];
  return key ?? path;
}

const keysByPath: readonly (readonly [key: string, path: string])[] = [
  [keys.sourceTopic, 'source.topic'],
  [keys.sinkTopic, 'sink.topic'],
  [keys.appId, 'source.consumer_group'],
  [keys.servers, 'source.bootstrap_servers'],
  [keys.registryUrl, 'source.schema_registry_url'],
  [keys.offsetReset, 'source.start_from'],
  [keys.modelFile, 'predictor.onnx.model'],
  [keys.features, 'predictor.onnx.features'],
  [keys.features, 'predictor.symetry.features'],
  [keys.restHost, 'predictor.symetry.url'],
  [keys.restUser, 'predictor.symetry.user'],
  [keys.restSecret, 'predictor.symetry.secret_key'],
  [keys.restProject, 'predictor.symetry.project'],
  [keys.restModel, 'predictor.symetry.model'],
  [keys.recordsMax, 'batch.max_records'],
  [keys.scheduleMs, 'batch.max_wait'],
  [keys.heapMin, 'heap_min'],
  [keys.heapMax, 'heap_max'],
  [keys.threads, 'parallelism'],
  ['name', 'task_id'],
];
