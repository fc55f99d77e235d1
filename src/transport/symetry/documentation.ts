import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { PredictionService } from '../../../gen/ts/symetry/v1/prediction_service_pb.js';
import { ReplySchema } from '../../../gen/ts/symetry/v1/reply_pb.js';
import { TaskService } from '../../../gen/ts/symetry/v1/task_service_pb.js';
import { type Api, type OperationFacts, response } from '../openapi/api.js';

const textMap: JsonObject = { type: 'object', additionalProperties: { type: 'string' } };
const encryptedTaskInfo: JsonObject = {
  type: 'string',
  contentEncoding: 'base64',
  description: 'The JSON of a TaskInfo, encrypted by AES-128-CBC under the secret key.',
};

/** What SymetryML's document says that its contract does not. */
export const symetryApi: Api = {
  name: 'symetry',
  title: 'SymetryML Tasks on predictd',
  description:
    'SymetryML’s Tasks API and its predictions of rows. `cid` is the name of the user whose secret key signs the request.',
  services: [TaskService, PredictionService],
  securitySchemes: {
    signature: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description:
        'HMAC-SHA-256 over verb, MD5 of the body, date, customer id, path and query, under the user’s secret key, in Base64.',
    },
    date: {
      type: 'apiKey',
      in: 'header',
      name: 'sym-date',
      description: 'When the request was signed; it holds for five minutes.',
    },
  },
  security: [['signature', 'date']],
  success: ({ binding, schema }) => {
    const isCreation = binding.method === TaskService.method.createTask;
    return isCreation
      ? { 202: response('The task was defined.', schema()) }
      : { 200: response('The call succeeded.', schema()) };
  },
  failure: (schemaOf) => ({
    '4XX': response('The request was refused.', schemaOf(ReplySchema)),
    '5XX': response('The service could not do it.', schemaOf(ReplySchema)),
  }),
  fields: {
    'symetry.v1.StringMaps.values': { type: 'array', items: textMap },
    'symetry.v1.DataFrame.data': {
      type: 'array',
      items: { type: 'array', items: { type: ['string', 'number'] } },
    },
  },
  operations: new Map<DescMethod, OperationFacts>([
    [
      TaskService.method.createTask,
      { requestContent: { 'text/plain': { schema: encryptedTaskInfo } } },
    ],
  ]),
};
