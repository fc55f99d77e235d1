import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { TaskService } from '../../../gen/ts/kandasearch/v1/task_service_pb.js';
import { TokenService } from '../../../gen/ts/kandasearch/v1/token_service_pb.js';
import { type Api, bearer, type OperationFacts, response } from '../openapi/api.js';

const failure: JsonObject = {
  type: 'object',
  properties: {
    status: { const: 'ERROR' },
    error: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
  },
  required: ['status', 'error'],
};

const credentials: JsonObject = {
  type: 'object',
  properties: { username: { type: 'string' }, password: { type: 'string', format: 'password' } },
  required: ['username', 'password'],
};

const actionForm: JsonObject = {
  type: 'object',
  properties: {
    data: {
      type: 'string',
      description: 'JSON: `{"data":{"action":NAME,"params":{…}}}`.',
      examples: ['{"data":{"action":"start"}}'],
    },
    file: {
      type: 'array',
      maxItems: 8,
      items: { type: 'string', contentMediaType: 'application/octet-stream' },
    },
  },
  required: ['data'],
};

const uuid: JsonObject = { schema: { type: 'string', format: 'uuid' } };
const orNull: JsonObject = { type: ['string', 'null'] };

/** What KandaSearch's document says that its contract does not. */
export const kandasearchApi: Api = {
  name: 'kandasearch',
  title: 'KandaSearch tasks on predictd',
  description:
    'KandaSearch’s Task API. Everything but a missing or wrong token is answered with 200, failures as well.',
  services: [TaskService, TokenService],
  securitySchemes: { bearer },
  security: [['bearer']],
  success({ binding, schema }) {
    if (binding.method.parent === TokenService) {
      const content = {
        'text/plain': { schema: { type: 'string' } },
        'application/json': { schema: failure },
      };
      return { 200: { description: 'A token that holds for twelve hours.', content } };
    }
    const task = {
      type: 'object',
      properties: { status: { const: 'OK' }, result: schema() },
      required: ['status', 'result'],
    };
    return { 200: response('The task, or what went wrong.', { anyOf: [task, failure] }) };
  },
  failure: () => ({ 401: response('The token, or the password, is missing or wrong.', failure) }),
  fields: {
    'kandasearch.v1.Task.start_date': orNull,
    'kandasearch.v1.Task.end_date': orNull,
    'kandasearch.v1.Task.error': orNull,
  },
  pathParameters: { projectId: uuid, instanceSetId: uuid, taskId: uuid },
  operations: new Map<DescMethod, OperationFacts>([
    [
      TaskService.method.executeCommand,
      { requestContent: { 'multipart/form-data': { schema: actionForm } } },
    ],
    [
      TokenService.method.createToken,
      {
        requestContent: { 'application/x-www-form-urlencoded': { schema: credentials } },
        security: [],
      },
    ],
  ]),
};
