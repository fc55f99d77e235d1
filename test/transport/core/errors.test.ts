import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from '../../../gen/ts/google/rpc/error_details_pb.js';
import { StatusSchema } from '../../../gen/ts/google/rpc/status_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { DomainError, type ErrorCode, errorCatalogue } from '../../../src/domain/errors.js';
import { codes, toConnectError } from '../../../src/transport/errors.js';
import { irisTask, upload } from '../../service/world.js';
import { startCore, transportTo } from './core-server.js';

const all = Object.keys(errorCatalogue) as ErrorCode[];

test('every failure of the domain has a code, its reason and its domain', () => {
  for (const code of all) {
    const error = toConnectError(new DomainError(code));
    assert.equal(error.code, codes[code]);
    assert.equal(error.rawMessage, errorCatalogue[code]);
    const [info] = error.findDetails(ErrorInfoSchema);
    assert.equal(info?.reason, code);
    assert.match(code, /^[A-Z][A-Z0-9_]{2,62}$/);
    const [retry] = error.findDetails(RetryInfoSchema);
    if (error.code === Code.Unavailable) assert.ok(retry?.retryDelay, `${code} says when to retry`);
  }
});

test('details fit into a trailer, however many faults there are', async (t) => {
  const server = await startCore(t);
  const labels = Object.fromEntries(
    Array.from({ length: 32 }, (_, index) => [`${index} ${'x'.repeat(60)}`, 'y'.repeat(99)]),
  );
  const client = createClient(TaskService, transportTo(server, 'Bearer token-c1'));
  const request = { parent: 'users/me', taskId: 't', task: { labels } };
  const error = await client.createTask(request).catch((e: unknown) => e);
  assert.ok(error instanceof ConnectError);
  const [bad] = error.findDetails(BadRequestSchema);
  assert.ok(bad && bad.fieldViolations.length > 10);
  const trailer = error.metadata.get('grpc-status-details-bin') ?? '';
  assert.ok(trailer.length > 1_000 && trailer.length < 8_000, `${trailer.length} bytes`);
  assert.match(error.rawMessage, /\(and \d\d more\)$/);
});

test('clients of every protocol read the same details', async (t) => {
  const server = await startCore(t);
  for (const protocol of ['grpc', 'grpc-web', 'connect', 'connect-json'] as const) {
    const client = createClient(TaskService, transportTo(server, 'Bearer token-c1', protocol));
    const error = await client.getTask({ name: 'users/me/tasks/none' }).catch((e: unknown) => e);
    assert.ok(error instanceof ConnectError);
    assert.equal(error.code, Code.NotFound, protocol);
    assert.equal(error.rawMessage, 'There is no task "users/c1/tasks/none".');
    const [info] = error.findDetails(ErrorInfoSchema);
    assert.equal(info?.reason, 'TASK_NOT_FOUND', protocol);
    const [resource] = error.findDetails(ResourceInfoSchema);
    assert.equal(resource?.resourceType, 'predictd/Task');
    assert.equal(resource?.resourceName, 'users/c1/tasks/none');
    const watch = client.watchTasks({ parent: 'nobody' });
    const inStream = await watch[Symbol.asyncIterator]()
      .next()
      .catch((e: unknown) => e);
    assert.ok(inStream instanceof ConnectError);
    assert.equal(inStream.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field, 'parent');
  }
});

test('grpc-js reads the details from the status trailer', async (t) => {
  const server = await startCore(t);
  const client = new Client(new URL(server.url).host, credentials.createInsecure());
  t.after(() => client.close());
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer token-c1');
  const error = await new Promise<ServiceError | null>((resolve) => {
    client.makeUnaryRequest(
      '/predictd.v1.TaskService/GetTask',
      (bytes: Buffer) => bytes,
      (bytes: Buffer) => bytes,
      Buffer.alloc(0),
      metadata,
      resolve,
    );
  });
  assert.equal(error?.code, 3);
  const [trailer] = error?.metadata.get('grpc-status-details-bin') ?? [];
  assert.ok(Buffer.isBuffer(trailer));
  const status = fromBinary(StatusSchema, trailer);
  const details = status.details.map((any) => any.typeUrl.split('/').at(-1));
  assert.deepEqual(details, ['google.rpc.ErrorInfo', 'google.rpc.BadRequest']);
  const [, bad] = status.details;
  const request = bad && anyUnpack(bad, BadRequestSchema);
  assert.equal(request?.fieldViolations[0]?.field, 'name');
});

test('a task that can no longer run is a failed precondition with what is wrong', async (t) => {
  const server = await startCore(t);
  const { service, store, c1 } = server;
  const model = await upload(service, c1, 'iris');
  await service.createTask(c1, { parent: 'users/me', taskId: 't', task: irisTask });
  await store.write((writes) => writes.deleteModel(model.id));
  const client = createClient(TaskService, transportTo(server, 'Bearer token-c1'));
  const error = await client.startTask({ name: 'users/me/tasks/t' }).catch((e: unknown) => e);
  assert.ok(error instanceof ConnectError);
  assert.equal(error.code, Code.FailedPrecondition);
  const [failure] = error.findDetails(PreconditionFailureSchema);
  assert.equal(failure?.violations[0]?.subject, 'spec.predictor.onnx.model');
});

test('a fault of the program stays opaque', async (t) => {
  const server = await startCore(t);
  server.supervisor.beforeStop = Promise.reject(new Error('secret of the house'));
  server.supervisor.beforeStop.catch(() => {});
  const { service, c1 } = server;
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent: 'users/me', taskId: 't', task: irisTask });
  const client = createClient(TaskService, transportTo(server, 'Bearer token-c1'));
  const error = await client.stopTask({ name: 'users/me/tasks/t' }).catch((e: unknown) => e);
  assert.ok(error instanceof ConnectError);
  assert.equal(error.code, Code.Internal);
  assert.ok(!error.message.includes('secret'));
  assert.equal(server.faults.length, 1);
});
