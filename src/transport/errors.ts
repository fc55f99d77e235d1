import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from '../../gen/ts/google/rpc/error_details_pb.js';
import { DomainError, type ErrorCode, type FieldViolation } from '../domain/errors.js';

/** Who gives the reasons their meaning: the `domain` of every ErrorInfo. */
export const errorDomain = 'predictd';

/** The only place where a failure of the domain gets an RPC code; HTTP statuses follow from those. */
export const codes: Readonly<Record<ErrorCode, Code>> = {
  INVALID_FIELD: Code.InvalidArgument,
  UNAUTHENTICATED: Code.Unauthenticated,
  ROLE_NOT_ALLOWED: Code.PermissionDenied,
  TASK_NOT_FOUND: Code.NotFound,
  EXECUTION_NOT_FOUND: Code.NotFound,
  MODEL_NOT_FOUND: Code.NotFound,
  USER_NOT_FOUND: Code.NotFound,
  TARGET_NOT_FOUND: Code.NotFound,
  DEAD_LETTER_NOT_FOUND: Code.NotFound,
  TASK_EXISTS: Code.AlreadyExists,
  MODEL_EXISTS: Code.AlreadyExists,
  USER_EXISTS: Code.AlreadyExists,
  TARGET_EXISTS: Code.AlreadyExists,
  ETAG_MISMATCH: Code.Aborted,
  TASK_ALREADY_STARTED: Code.FailedPrecondition,
  TASK_STOPPING: Code.FailedPrecondition,
  RUN_ENDED: Code.FailedPrecondition,
  TASK_NOT_STARTABLE: Code.FailedPrecondition,
  TASKS_MAX_REACHED: Code.ResourceExhausted,
  MODEL_IN_USE: Code.FailedPrecondition,
  MODEL_NOT_SWAPPABLE: Code.FailedPrecondition,
  NO_SHADOW_MODEL: Code.FailedPrecondition,
  NO_PREVIOUS_MODEL: Code.FailedPrecondition,
  MODEL_INVALID: Code.InvalidArgument,
  MODEL_TOO_LARGE: Code.ResourceExhausted,
  USER_IN_USE: Code.FailedPrecondition,
  LAST_ADMIN: Code.FailedPrecondition,
  QUOTA_EXCEEDED: Code.ResourceExhausted,
  TOO_MANY_WATCHERS: Code.ResourceExhausted,
  TOO_MANY_FAILURES: Code.ResourceExhausted,
  SEQUENCE_EXPIRED: Code.OutOfRange,
  PREDICTION_TIMEOUT: Code.DeadlineExceeded,
  KAFKA_UNREACHABLE: Code.Unavailable,
  KAFKA_REFUSED: Code.FailedPrecondition,
  NOT_DEAD_LETTERS: Code.FailedPrecondition,
  EGRESS_DENIED: Code.FailedPrecondition,
  STOP_PENDING: Code.DeadlineExceeded,
  STORE_UNAVAILABLE: Code.Unavailable,
  SHUTTING_DOWN: Code.Unavailable,
};

/** Whatever is unavailable is worth another try; a service that restarts is back in seconds. */
const awayMs = 2_000;

/** What a caller of any protocol is told: code, message, and the details of `google.rpc`, one of each type at most. */
export function toConnectError(error: DomainError): ConnectError {
  const { code, message, metadata, violations, retryAfterMs } = error;
  const translated = new ConnectError(message, codes[code], undefined, undefined, error);
  const first = violations[0] ? { field: violations[0].field } : {};
  const info = { reason: code, domain: errorDomain, metadata: { ...first, ...metadata } };
  translated.details.push({ desc: ErrorInfoSchema, value: info });
  if (violations.length > 0) translated.details.push(violationDetail(error));
  const isAway = codes[code] === Code.Unavailable;
  const retryMs = retryAfterMs ?? (isAway ? awayMs : undefined);
  if (retryMs !== undefined) {
    const retryDelay = durationFromMs(retryMs);
    translated.details.push({ desc: RetryInfoSchema, value: { retryDelay } });
  }
  const resource = resourceDetail(error);
  if (resource) translated.details.push({ desc: ResourceInfoSchema, value: resource });
  if (code === 'UNAUTHENTICATED') translated.metadata.set('www-authenticate', challenge);
  return translated;
}

/**
 * Translates what the domain throws, in unary calls and within streams. Anything else passes as it is: it is a fault of
 * the program, which Connect hides from the caller.
 */
export const translateErrors: Interceptor = (next) => async (req) => {
  try {
    const res = await next(req);
    return res.stream ? { ...res, message: translating(res.message) } : res;
  } catch (error) {
    throw translated(error);
  }
};

/** Both ways that the core API knows. */
const challenge = 'Bearer realm="predictd", Basic realm="predictd", charset="UTF-8"';

async function* translating<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  return error instanceof DomainError ? toConnectError(error) : error;
}

/**
 * gRPC carries details in a trailer, in Base64, and common clients take 8 KiB of metadata. The first faults are told;
 * the message says how many there are.
 */
const violationCharsMax = 4_096;

function firstViolations({ violations }: DomainError): readonly FieldViolation[] {
  let chars = 0;
  const end = violations.findIndex(({ field, reason, description }) => {
    chars += field.length + reason.length + description.length;
    return chars > violationCharsMax;
  });
  return end < 0 ? violations : violations.slice(0, Math.max(1, end));
}

/** A request that is wrong in itself is told apart from one that only does not fit what is there. */
function violationDetail(error: DomainError): ConnectError['details'][number] {
  const violations = firstViolations(error);
  if (codes[error.code] === Code.FailedPrecondition) {
    const value: MessageInitShape<typeof PreconditionFailureSchema> = {
      violations: violations.map(({ field, reason, description }) => ({
        type: reason,
        subject: field,
        description,
      })),
    };
    return { desc: PreconditionFailureSchema, value };
  }
  const value: MessageInitShape<typeof BadRequestSchema> = {
    fieldViolations: violations.map(({ field, reason, description }) => ({
      field,
      reason,
      description,
    })),
  };
  return { desc: BadRequestSchema, value };
}

function resourceDetail({
  metadata,
  message,
}: DomainError): MessageInitShape<typeof ResourceInfoSchema> | undefined {
  const { resource } = metadata;
  if (resource === undefined) return undefined;
  return { resourceType: typeOf(resource), resourceName: resource, description: message };
}

function typeOf(resource: string): string {
  if (resource.includes('/deadLetters/')) return 'predictd/DeadLetter';
  if (resource.includes('/executions/')) return 'predictd/Execution';
  if (resource.includes('/tasks/')) return 'predictd/Task';
  if (resource.startsWith('targets/')) return 'predictd/Target';
  return resource.includes('/models/') ? 'predictd/Model' : 'predictd/User';
}
