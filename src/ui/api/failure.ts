import { Code, ConnectError } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '../../../gen/ts/google/rpc/error_details_pb.js';

/** What people are told of a call that failed. */
export interface Failure {
  /** One UPPER_SNAKE word of the contract, or the name of the status. */
  readonly reason: string;
  readonly message: string;
  readonly violations: readonly { readonly field: string; readonly description: string }[];
  /** When it may work again, if the service said so. */
  readonly retryAfterMs: number | undefined;
}

/** Reads whatever was thrown. */
export function failureOf(thrown: unknown): Failure {
  const error = ConnectError.from(thrown);
  const [info] = error.findDetails(ErrorInfoSchema);
  const [retry] = error.findDetails(RetryInfoSchema);
  const delay = retry?.retryDelay;
  return {
    reason: info?.reason ?? Code[error.code].replace(/(?!^)([A-Z])/g, '_$1').toUpperCase(),
    message: isUnreachable(error) ? 'The service cannot be reached.' : error.rawMessage,
    violations: error.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations),
    retryAfterMs: delay && Number(delay.seconds) * 1_000 + delay.nanos / 1_000_000,
  };
}

/** A sentence with the reason behind it. */
export function failureText(thrown: unknown): string {
  const { message, reason } = failureOf(thrown);
  return `${message} (${reason})`;
}

/** Whether the call did not get to the service, or its answer not back. Browsers do not say which. */
function isUnreachable({ code, cause }: ConnectError): boolean {
  return cause instanceof TypeError || (code === Code.Unknown && cause instanceof DOMException);
}
