import type { JsonObject } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { codeName, httpStatusOf } from '../rest/errors.js';
import type { Responses } from './api.js';

/** The codes that a failure may have. */
export const allCodes: readonly Code[] = Object.values(Code).filter(
  (code): code is Code => typeof code === 'number',
);

/**
 * How the engine answers calls that fail, by status: every call may be malformed, come without credentials, or want what
 * the caller may not do; `codes` are those that one method has beyond that.
 */
export function standardFailure(codes: readonly Code[]): Responses {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set([...ofEveryCall, ...codes])) {
    const status = httpStatusOf(new ConnectError('', code));
    byStatus.set(status, [...(byStatus.get(status) ?? []), codeName(code)]);
  }
  const named = [...byStatus].map(([status, names]): [string, JsonObject] => {
    return [String(status), failure(names.map((name) => `\`${name}\``).join(' or '))];
  });
  return { ...Object.fromEntries(named), default: failure('Any other failure.') };
}

const ofEveryCall = [Code.InvalidArgument, Code.Unauthenticated, Code.PermissionDenied];

/** The schemas that the answers refer to, for `components/schemas`. */
export const failureSchemas: Readonly<Record<string, JsonObject>> = {
  ErrorDetail: {
    type: 'object',
    description:
      'A message of `google.rpc` in ProtoJSON: `ErrorInfo` has the reason, `BadRequest` the fields at fault, `RetryInfo` the time after which to try again.',
    properties: {
      '@type': { type: 'string', examples: ['type.googleapis.com/google.rpc.ErrorInfo'] },
    },
    required: ['@type'],
  },
  Error: {
    type: 'object',
    description: 'A failure in the form of AIP-193.',
    properties: {
      error: {
        type: 'object',
        properties: {
          code: { type: 'integer', description: 'The HTTP status.' },
          message: { type: 'string', description: 'What is wrong and what to do, for people.' },
          status: { $ref: '#/components/schemas/Code' },
          details: { $ref: '#/components/schemas/ErrorDetails' },
        },
        required: ['code', 'message', 'status', 'details'],
      },
    },
    required: ['error'],
  },
  Problem: {
    type: 'object',
    description: 'The same in the form of RFC 9457.',
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer', description: 'The HTTP status.' },
      detail: { type: 'string', description: 'What is wrong and what to do, for people.' },
      code: { $ref: '#/components/schemas/Code' },
      details: { $ref: '#/components/schemas/ErrorDetails' },
    },
    required: ['type', 'title', 'status', 'detail', 'code', 'details'],
  },
  ErrorDetails: { type: 'array', items: { $ref: '#/components/schemas/ErrorDetail' } },
  Code: {
    type: 'string',
    description: 'A code of RPC, as `google.rpc.Code` names it.',
    enum: allCodes.map(codeName),
  },
};

function failure(description: string): JsonObject {
  return {
    description,
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/Error' } },
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  };
}
