import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { AdminService } from '../../../gen/ts/predictd/v1/admin_service_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { limits } from '../../domain/limits.js';
import { type Api, basic, bearer, type OperationFacts } from '../openapi/api.js';
import { coreServices } from './register.js';

/** What the core's document says that its contract does not. */
export const coreApi: Api = {
  name: 'predictd',
  title: 'predictd',
  description: [
    'Tasks that read a Kafka topic, score every record with a model, and write the predictions to another topic, exactly once.',
    'The same methods are served over gRPC, gRPC-Web and Connect; this is their JSON form. Names may be given in lowerCamelCase or as in the contract, 64-bit integers as numbers or text. A call may bring its deadline as `Connect-Timeout-Ms`, `Grpc-Timeout` or `X-Server-Timeout`. Every answer has an `X-Request-Id`, that of the call if it has one.',
  ].join('\n\n'),
  services: coreServices,
  securitySchemes: { bearer, basic },
  security: [['bearer'], ['basic']],
  success: ({ binding }) =>
    binding.method === AdminService.method.backup ? { 200: archive } : undefined,
  fields: fieldBounds(),
  pathParameters: {
    user: { description: 'Name of a user; `me` is the caller.', example: 'me' },
  },
  operations: new Map<DescMethod, OperationFacts>([
    [TaskService.method.createTask, { example: exampleTask() }],
    [TaskService.method.validateTask, { example: { task: exampleTask(), dryRunRecords: 5 } }],
  ]),
};

const archive: JsonObject = {
  description: 'The archive.',
  content: { 'application/x-tar': {} },
};

function exampleTask(): JsonObject {
  return {
    spec: {
      source: { topic: 'iris-in' },
      sink: { topic: 'iris-out' },
      predictor: {
        onnx: {
          model: 'iris',
          features: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'],
        },
      },
      until: 'UNTIL_END',
    },
  };
}

/** Bounds that the contract says in words. */
function fieldBounds(): Record<string, JsonObject> {
  const name = { pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]*$', maxLength: limits.nameCharsMax };
  const topic = { maxLength: limits.topicCharsMax };
  const pages = coreServices
    .flatMap(({ methods }) => methods.flatMap(({ input }) => input.fields))
    .filter((field) => field.name === 'page_size')
    .map(({ parent }): [string, JsonObject] => [
      `${parent.typeName}.page_size`,
      { minimum: 0, maximum: pageMaxOf(parent.name) },
    ]);
  return {
    ...Object.fromEntries(pages),
    'predictd.v1.CreateTaskRequest.task_id': name,
    'predictd.v1.CreateTargetRequest.target_id': name,
    'predictd.v1.CreateUserRequest.user_id': { ...name, maxLength: limits.userNameCharsMax },
    'predictd.v1.CreateUserRequest.password': { maxLength: limits.passwordCharsMax },
    'predictd.v1.ListTasksRequest.filter': { maxLength: limits.filterCharsMax },
    'predictd.v1.ValidateTaskRequest.dry_run_records': {
      minimum: 0,
      maximum: limits.dryRunRecordsMax,
    },
    'predictd.v1.Task.display_name': { maxLength: limits.displayNameCharsMax },
    'predictd.v1.Task.labels': { maxProperties: limits.labelsMax },
    'predictd.v1.Source.topic': topic,
    'predictd.v1.Sink.topic': topic,
    'predictd.v1.Sink.fields': { maxProperties: limits.sinkFieldsMax },
    'predictd.v1.TaskSpec.parallelism': { minimum: 0, maximum: limits.parallelismMax },
    'predictd.v1.Batch.max_records': { minimum: 0, maximum: limits.batchRecordsMax },
  };
}

function pageMaxOf(request: string): number {
  return request === 'ListDeadLettersRequest' ? limits.deadLettersPageMax : limits.pageMax;
}
