import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { ExecutionStateSchema } from '../../../gen/ts/datameer/v1/job_pb.js';
import { JobService } from '../../../gen/ts/datameer/v1/job_service_pb.js';
import { type Api, basic, bearer, type OperationFacts, response } from '../openapi/api.js';

const failure: JsonObject = {
  type: 'object',
  properties: { status: { const: 'failure' }, reason: { type: 'string' } },
  required: ['status', 'reason'],
};

/** What Datameer's document says that its contract does not. */
export const datameerApi: Api = {
  name: 'datameer',
  title: 'Datameer job execution on predictd',
  description:
    'Datameer’s job execution API. A job configuration, and its file, are a task; a job execution is an execution of it.',
  services: [JobService],
  securitySchemes: { basic, bearer },
  security: [['basic'], ['bearer']],
  success({ binding, schemaOf }) {
    switch (binding.method) {
      case JobService.method.stopJob:
        return { 200: response('The job has ended. The answer is empty.') };
      case JobService.method.getLastExecution: {
        const none = { type: 'object', maxProperties: 0 };
        const schema = { anyOf: [schemaOf(ExecutionStateSchema), none] };
        return { 200: response('The execution, or an empty object.', schema) };
      }
      default:
        return undefined;
    }
  },
  failure: () => ({
    '4XX': response('The request was refused.', failure),
    '5XX': response('The service could not do it.', failure),
  }),
  longsAreNumbers: true,
  fields: { 'datameer.v1.JobStatus.start_time': { type: ['string', 'null'] } },
  pathParameters: {
    file: {
      schema: { type: 'string', minLength: 1 },
      description:
        'File id, UUID, or path: `/` and the resource name of the task, `/users/{user}/tasks/{task}`.',
    },
  },
  operations: new Map<DescMethod, OperationFacts>([
    [JobService.method.runJobs, { example: { variables: { topic: 'iris-in' }, fileIds: [4] } }],
  ]),
};
