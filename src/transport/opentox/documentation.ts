import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { TaskService } from '../../../gen/ts/opentox/v1/task_service_pb.js';
import { type Api, basic, bearer, type OperationFacts, type Responses } from '../openapi/api.js';
import { subjectId } from './auth.js';
import { mediaTypes } from './format.js';

const text: JsonObject = { type: 'string' };
const moment: JsonObject = { type: 'integer', description: 'Milliseconds since 1970.' };

/** Tasks as AMBIT writes them; an error stands in the place of a task. */
const tasks = listOf('task', {
  uri: text,
  id: text,
  name: text,
  error: text,
  policyError: text,
  status: { enum: ['Queued', 'Running', 'Completed', 'Cancelled', 'Error'] },
  started: moment,
  completed: {
    type: 'integer',
    description: 'Milliseconds since 1970, -1 while it has not ended.',
  },
  result: text,
  errorCause: { type: ['string', 'null'] },
});

const history = listOf('history', {
  uri: text,
  date: moment,
  name: text,
  message: text,
  actor: text,
  severity: text,
  status: { type: ['string', 'null'] },
});

const media: JsonObject = {
  name: 'media',
  in: 'query',
  description: 'Goes before `Accept`.',
  schema: { enum: [...mediaTypes] },
};

/** What OpenTox's document says that its contract does not. */
export const opentoxApi: Api = {
  name: 'opentox',
  title: 'OpenTox tasks on predictd',
  description:
    'Tasks of OpenTox API 1.1: each is an execution of a task of this service. `media` or `Accept` chooses the representation, RDF/XML if it is none of these. A start elsewhere answers 202 with the task’s URI if `Accept` rather wants a URI list or RDF than JSON.',
  services: [TaskService],
  securitySchemes: {
    subjectid: { type: 'apiKey', in: 'header', name: subjectId, description: 'A token.' },
    subjectidParameter: { type: 'apiKey', in: 'query', name: subjectId, description: 'A token.' },
    bearer,
    basic,
  },
  security: [['subjectid'], ['subjectidParameter'], ['bearer'], ['basic']],
  success({ binding }): Responses {
    switch (binding.method) {
      case TaskService.method.getTask:
        return {
          200: answer('It is done.', tasks),
          201: answer('Another task resumed it.', tasks),
          202: answer('It is not done yet.', tasks),
          500: answer('It failed, or this service did.', tasks),
          503: answer('It was cancelled, or this service is not available.', tasks),
        };
      case TaskService.method.getHistory:
        return { 200: answer('What happened to it.', history) };
      default:
        return { 200: answer('The call succeeded.', tasks) };
    }
  },
  failure: () => ({
    '4XX': answer('The request was refused: an `ot:ErrorReport`.', tasks),
    '5XX': answer('The service could not do it: an `ot:ErrorReport`.', tasks),
  }),
  fields: { 'opentox.v1.ListTasksRequest.max': { minimum: 0, maximum: 1_000 } },
  operations: new Map<DescMethod, OperationFacts>(
    TaskService.methods.map((method) => [method, { parameters: [media] }]),
  ),
};

function listOf(name: string, properties: JsonObject): JsonObject {
  const item: JsonObject = { type: 'object', properties, required: Object.keys(properties) };
  const list: JsonObject = { type: 'array', items: item };
  return { type: 'object', properties: { [name]: list }, required: [name] };
}

function answer(description: string, schema: JsonObject): JsonObject {
  const content = mediaTypes.map((type): [string, JsonObject] => [
    type,
    { schema: type === 'application/json' ? schema : text },
  ]);
  return { description, content: Object.fromEntries(content) };
}
