import {
  create,
  type DescMessage,
  fromBinary,
  type JsonObject,
  type Registry,
  toJson,
} from '@bufbuild/protobuf';
import { base64Encode } from '@bufbuild/protobuf/wire';
import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, RetryInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';

import type { HeaderFields } from './http/header-fields.js';

/** One field that the caller got wrong, as `google.rpc.BadRequest` carries it. */
export interface FieldViolation {
  /** The field's path as the caller wrote it, for example `task.labels`. */
  readonly field: string;
  readonly description: string;
}

/** HTTP statuses that the engine itself answers with, and the RPC code that goes with each. */
const codeByEngineStatus = {
  400: Code.InvalidArgument,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  405: Code.Unimplemented,
  412: Code.Aborted,
  413: Code.ResourceExhausted,
  414: Code.InvalidArgument,
  415: Code.InvalidArgument,
} as const;

/** A status the engine answers with on its own, without asking an implementation. */
export type EngineStatus = keyof typeof codeByEngineStatus;

/** The HTTP status and the name of every RPC code; a new code fails to compile until it stands here. */
const statusByCode: Record<Code, readonly [httpStatus: number, name: string]> = {
  [Code.Canceled]: [499, 'CANCELLED'],
  [Code.Unknown]: [500, 'UNKNOWN'],
  [Code.InvalidArgument]: [400, 'INVALID_ARGUMENT'],
  [Code.DeadlineExceeded]: [504, 'DEADLINE_EXCEEDED'],
  [Code.NotFound]: [404, 'NOT_FOUND'],
  [Code.AlreadyExists]: [409, 'ALREADY_EXISTS'],
  [Code.PermissionDenied]: [403, 'PERMISSION_DENIED'],
  [Code.ResourceExhausted]: [429, 'RESOURCE_EXHAUSTED'],
  [Code.FailedPrecondition]: [400, 'FAILED_PRECONDITION'],
  [Code.Aborted]: [409, 'ABORTED'],
  [Code.OutOfRange]: [400, 'OUT_OF_RANGE'],
  [Code.Unimplemented]: [501, 'UNIMPLEMENTED'],
  [Code.Internal]: [500, 'INTERNAL'],
  [Code.Unavailable]: [503, 'UNAVAILABLE'],
  [Code.DataLoss]: [500, 'DATA_LOSS'],
  [Code.Unauthenticated]: [401, 'UNAUTHENTICATED'],
};

/** Statuses of engine errors, which HTTP tells apart more finely than RPC codes do. */
const engineStatuses = new WeakMap<ConnectError, EngineStatus>();

/**
 * Makes an error that is answered with exactly `httpStatus`. It is an ordinary ConnectError, so a
 * representation treats it as it treats an implementation's own; `headers` are sent along.
 */
export function restError(
  httpStatus: EngineStatus,
  message: string,
  extra: { headers?: HeaderFields; violations?: readonly FieldViolation[]; cause?: unknown } = {},
): ConnectError {
  const details =
    extra.violations === undefined
      ? []
      : [
          {
            desc: BadRequestSchema,
            value: { fieldViolations: extra.violations.map((violation) => ({ ...violation })) },
          },
        ];
  const code = codeByEngineStatus[httpStatus];
  const error = new ConnectError(message, code, extra.headers, details, extra.cause);
  engineStatuses.set(error, httpStatus);
  return error;
}

/** Has an ABORTED answered as the 412 of a condition that did not hold; leaves any other error as it is. */
export function preconditionFailed(error: ConnectError): ConnectError {
  if (error.code === Code.Aborted) engineStatuses.set(error, 412);
  return error;
}

/** Makes the 400 of a request whose fields do not fit; the message names the first of them. */
export function fieldsError(violations: readonly FieldViolation[], cause?: unknown): ConnectError {
  const [first] = violations;
  const message = first === undefined ? 'bad request' : `${first.field}: ${first.description}`;
  return restError(400, message, { violations, cause });
}

/**
 * Turns whatever was thrown into an error that may be shown to a caller: only the text of a
 * ConnectError is meant for them, anything else becomes "internal error" with its cause kept.
 */
export function connectErrorFrom(reason: unknown): ConnectError {
  return reason instanceof ConnectError
    ? reason
    : new ConnectError('internal error', Code.Internal, undefined, undefined, reason);
}

/** The HTTP status of an error: the engine's own if it made the error, else that of its code. */
export function httpStatusOf(error: ConnectError): number {
  return engineStatuses.get(error) ?? statusByCode[error.code]?.[0] ?? 500;
}

/** The name of an RPC code in `google.rpc.Code`, for example `NOT_FOUND`. */
export function codeName(code: Code): string {
  return statusByCode[code]?.[1] ?? 'UNKNOWN';
}

/** Headers that an error asks for: its metadata, and `Retry-After` from `google.rpc.RetryInfo`. */
export function errorHeaders(error: ConnectError): Headers {
  const headers = new Headers(error.metadata);
  const [retry] = error.findDetails(RetryInfoSchema);
  if (retry?.retryDelay !== undefined && !headers.has('retry-after')) {
    const { seconds, nanos } = retry.retryDelay;
    headers.set('retry-after', String(Math.max(0, Number(seconds) + (nanos > 0 ? 1 : 0))));
  }
  return headers;
}

/** The error body of AIP-193: `{"error":{"code","message","status","details"}}`. */
export function errorToJson(error: ConnectError, registry: Registry): JsonObject {
  return {
    error: {
      code: httpStatusOf(error),
      message: error.rawMessage,
      status: codeName(error.code),
      details: detailsToJson(error, registry),
    },
  };
}

/** The error body of RFC 9457, with the RPC code and the details as extension members. */
export function problemToJson(error: ConnectError, registry: Registry): JsonObject {
  return {
    type: 'about:blank',
    title: codeName(error.code),
    status: httpStatusOf(error),
    detail: error.rawMessage,
    code: codeName(error.code),
    details: detailsToJson(error, registry),
  };
}

function detailsToJson(error: ConnectError, registry: Registry): JsonObject[] {
  return error.details.map((detail) => {
    if ('desc' in detail) {
      return detailToJson(detail.desc, create(detail.desc, detail.value), registry);
    }
    return encodedDetailToJson(detail, registry);
  });
}

/** A detail that an upstream sent; one that cannot be read still reaches the caller, as its bytes. */
function encodedDetailToJson(
  { type, value }: { readonly type: string; readonly value: Uint8Array },
  registry: Registry,
): JsonObject {
  const desc = registry.getMessage(type);
  try {
    if (desc !== undefined) {
      return detailToJson(desc, fromBinary(desc, value), registry);
    }
  } catch {
    // Falls through to the bytes.
  }
  return { '@type': typeUrl(type), value: base64Encode(value) };
}

function detailToJson(
  desc: DescMessage,
  message: ReturnType<typeof create>,
  registry: Registry,
): JsonObject {
  const json = toJson(desc, message, { registry });
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  // Well-known types whose JSON is not an object go under "value", as google.protobuf.Any has it.
  return { '@type': typeUrl(desc.typeName), ...(isObject ? json : { value: json }) };
}

function typeUrl(typeName: string): string {
  return `type.googleapis.com/${typeName}`;
}
