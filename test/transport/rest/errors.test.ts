import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create, createRegistry, toBinary } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema, RetryInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import {
  codeName,
  connectErrorFrom,
  errorHeaders,
  errorToJson,
  fieldsError,
  httpStatusOf,
  problemToJson,
  restError,
} from '../../../src/transport/rest/errors.js';

const registry = createRegistry(ErrorInfoSchema);

describe('an error over HTTP', () => {
  const statuses: readonly [code: Code, status: number, name: string][] = [
    [Code.Canceled, 499, 'CANCELLED'],
    [Code.Unknown, 500, 'UNKNOWN'],
    [Code.InvalidArgument, 400, 'INVALID_ARGUMENT'],
    [Code.DeadlineExceeded, 504, 'DEADLINE_EXCEEDED'],
    [Code.NotFound, 404, 'NOT_FOUND'],
    [Code.AlreadyExists, 409, 'ALREADY_EXISTS'],
    [Code.PermissionDenied, 403, 'PERMISSION_DENIED'],
    [Code.ResourceExhausted, 429, 'RESOURCE_EXHAUSTED'],
    [Code.FailedPrecondition, 400, 'FAILED_PRECONDITION'],
    [Code.Aborted, 409, 'ABORTED'],
    [Code.OutOfRange, 400, 'OUT_OF_RANGE'],
    [Code.Unimplemented, 501, 'UNIMPLEMENTED'],
    [Code.Internal, 500, 'INTERNAL'],
    [Code.Unavailable, 503, 'UNAVAILABLE'],
    [Code.DataLoss, 500, 'DATA_LOSS'],
    [Code.Unauthenticated, 401, 'UNAUTHENTICATED'],
  ];
  for (const [code, status, name] of statuses) {
    test(`of code ${name} has the status ${status}`, () => {
      assert.equal(httpStatusOf(new ConnectError('x', code)), status);
      assert.equal(codeName(code), name);
    });
  }

  test('made by the engine keeps its own status', () => {
    assert.equal(httpStatusOf(restError(413, 'x')), 413);
    assert.equal(restError(413, 'x').code, Code.ResourceExhausted);
    assert.equal(httpStatusOf(restError(405, 'x', { headers: { allow: 'GET' } })), 405);
  });

  test('has the shape of AIP-193, or of RFC 9457', () => {
    const error = new ConnectError('no such task', Code.NotFound, undefined, [
      { desc: ErrorInfoSchema, value: { reason: 'TASK_UNKNOWN' } },
      { desc: DurationSchema, value: { seconds: 2n } },
    ]);
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'TASK_UNKNOWN' },
      { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '2s' },
    ];
    assert.deepEqual(errorToJson(error, registry), {
      error: { code: 404, message: 'no such task', status: 'NOT_FOUND', details },
    });
    assert.deepEqual(problemToJson(error, registry), {
      type: 'about:blank',
      title: 'NOT_FOUND',
      status: 404,
      detail: 'no such task',
      code: 'NOT_FOUND',
      details,
    });
  });

  test('passes on details that came over the wire, known or not', () => {
    const error = new ConnectError('x', Code.Aborted);
    const value = toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { reason: 'R' }));
    error.details = [
      { type: 'google.rpc.ErrorInfo', value },
      { type: 'acme.Unknown', value: new Uint8Array([1, 2]) },
      { type: 'google.rpc.ErrorInfo', value: new Uint8Array([255]) },
    ];
    assert.deepEqual(errorToJson(error, registry), {
      error: {
        code: 409,
        message: 'x',
        status: 'ABORTED',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' },
          { '@type': 'type.googleapis.com/acme.Unknown', value: 'AQI=' },
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', value: '/w==' },
        ],
      },
    });
  });

  test('asks for a later attempt by Retry-After', () => {
    const retry = (seconds: bigint, nanos: number) =>
      errorHeaders(
        new ConnectError('x', Code.Unavailable, { 'x-a': 'b' }, [
          { desc: RetryInfoSchema, value: { retryDelay: { seconds, nanos } } },
        ]),
      );
    assert.equal(retry(3n, 0).get('retry-after'), '3');
    assert.equal(retry(3n, 1).get('retry-after'), '4');
    assert.equal(retry(-3n, 0).get('retry-after'), '0');
    assert.equal(retry(3n, 0).get('x-a'), 'b');
  });

  test('that was not meant for callers tells them nothing', () => {
    const cause = new TypeError('the password is hunter2');
    const error = connectErrorFrom(cause);
    assert.equal(error.rawMessage, 'internal error');
    assert.equal(error.cause, cause);
    assert.doesNotMatch(JSON.stringify(errorToJson(error, registry)), /hunter2/);
  });

  test('about several fields names the first and carries all', () => {
    const error = fieldsError([
      { field: 'a', description: 'is wrong' },
      { field: 'b', description: 'is wrong too' },
    ]);
    assert.equal(error.rawMessage, 'a: is wrong');
    assert.match(JSON.stringify(errorToJson(error, createRegistry())), /"field":"b"/);
  });
});
