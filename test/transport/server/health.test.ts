import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Client, credentials } from '@grpc/grpc-js';
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '../../../gen/ts/grpc/health/v1/health_pb.js';
import { HealthBoard } from '../../../src/transport/server/health.js';
import { EchoService } from './echo-service.js';
import { startEcho, within } from './harness.js';

const ECHO = EchoService.typeName;

test('Check and List tell every service by name, and Check of an unknown one is NOT_FOUND', async (t) => {
  const server = await startEcho(t);
  const health = createClient(Health, createGrpcTransport({ baseUrl: server.url }));
  server.health.set(ECHO, Status.NOT_SERVING);
  assert.equal((await health.check({})).status, Status.SERVING);
  assert.equal((await health.check({ service: ECHO })).status, Status.NOT_SERVING);
  const unknown = (err: unknown) => ConnectError.from(err).code === Code.NotFound;
  await assert.rejects(health.check({ service: 'no.Such' }), unknown);
  const { statuses } = await health.list({});
  const told = Object.entries(statuses).map(([name, { status }]) => [name, status]);
  assert.deepEqual(told, [
    ['', Status.SERVING],
    [ECHO, Status.NOT_SERVING],
  ]);
});

test('Watch of an unknown service says SERVICE_UNKNOWN, stays open and tells when it appears', async (t) => {
  const server = await startEcho(t);
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
  t.after(() => client.close());
  const stream = client.makeServerStreamRequest(
    `/${Health.typeName}/Watch`,
    (service: string) =>
      Buffer.from(
        toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema, { service })),
      ),
    (bytes) => fromBinary(HealthCheckResponseSchema, bytes).status,
    'later.Service',
  );
  stream.on('error', () => {});
  const statuses = stream[Symbol.asyncIterator]();
  const next = async () => (await within(statuses.next())).value;
  assert.equal(await next(), Status.SERVICE_UNKNOWN);
  server.health.set('other.Service', Status.SERVING);
  server.health.set('later.Service', Status.SERVING);
  assert.equal(await next(), Status.SERVING);
  server.health.set('later.Service', Status.SERVING);
  server.health.set('later.Service', Status.NOT_SERVING);
  assert.equal(await next(), Status.NOT_SERVING);
  stream.cancel();
});

test('a board that is shut down says NOT_SERVING of everything for good', () => {
  const board = new HealthBoard();
  board.add(['a', 'b']);
  board.shutDown();
  board.set('a', Status.SERVING);
  board.set('c', Status.SERVING);
  const told = ['', 'a', 'b', 'c'].map((service) => board.get(service));
  assert.deepEqual(told, [Status.NOT_SERVING, Status.NOT_SERVING, Status.NOT_SERVING, undefined]);
});
