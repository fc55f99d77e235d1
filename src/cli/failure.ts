import { Code, ConnectError } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from '../../gen/ts/google/rpc/error_details_pb.js';
import { SettingsError } from '../config.js';
import { CommandError } from './exit-code.js';
import { isLostConnection } from './lost-connection.js';
import { harmless } from './terminal.js';

/** What a command was about when it failed. */
export interface Attempt {
  /** Such as `create task iris`; empty before a command is known. */
  readonly action: string;
  /** The service that is meant; empty for commands that never wait, which Ctrl-C ends at once. */
  readonly url: string;
  /** What set the token that is sent, such as a variable. Absent: none is. */
  readonly tokenFrom?: string | undefined;
}

/** What failed, why in detail, and what to do about it: lines for people, without a trailing newline. */
export function describeFailure(error: unknown, attempt: Attempt): string {
  const own = error instanceof CommandError ? error.action : undefined;
  const action = own ?? attempt.action;
  const { message, details, hint } = explainFailure(error, attempt);
  const cannot = action === '' || error instanceof SettingsError ? '' : `cannot ${action}: `;
  return [
    `error: ${harmless(`${cannot}${message}`)}`,
    ...details.map((detail) => `  ${harmless(detail)}`),
    ...(hint === undefined ? [] : [`hint: ${harmless(hint)}`]),
  ].join('\n');
}

/** A failure in words, which may be those of others. */
export interface Explanation {
  readonly message: string;
  readonly details: readonly string[];
  /** What to do about it, if anything is known. */
  readonly hint: string | undefined;
}

/** Puts a failure of calling a service into words. */
export function explainFailure(error: unknown, called: Omit<Attempt, 'action'>): Explanation {
  if (error instanceof SettingsError) {
    const message = `${error.faults.length} of the settings cannot be used:`;
    return { message, details: error.faults, hint: undefined };
  }
  if (error instanceof CommandError) return error;
  if (error instanceof ConnectError) {
    // A single violation is the message too.
    const details = detailsOf(error).filter((detail) => !error.rawMessage.includes(detail));
    return { message: reasonOf(error), details, hint: hintOf(error, called) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message, details: [], hint: undefined };
}

function reasonOf(error: ConnectError): string {
  if (isLostConnection(error)) {
    const cause = error.cause instanceof Error ? error.cause.message || codeOf(error.cause) : '';
    return `no answer from the service (${cause || error.rawMessage})`;
  }
  const name = Code[error.code].replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
  const reason = error.findDetails(ErrorInfoSchema)[0]?.reason;
  const code = reason && reason !== name ? `${name}, ${reason}` : name;
  return `${error.rawMessage} (${code})`;
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name;
}

function detailsOf(error: ConnectError): readonly string[] {
  const violations = error
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations);
  const requests = error.findDetails(RequestInfoSchema);
  const unexpected = error.code === Code.Internal || error.code === Code.Unknown;
  return [
    ...violations.map(({ field, description }) => `${field}: ${description}`),
    ...(unexpected ? requests.map(({ requestId }) => `request id: ${requestId}`) : []),
  ];
}

function hintOf(
  error: ConnectError,
  { url, tokenFrom }: Omit<Attempt, 'action'>,
): string | undefined {
  if (isLostConnection(error)) return unreachable(error, url);
  const retry = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  if (retry) return `try again in ${Math.max(1, Number(retry.seconds))} s`;
  const saidByService = error.findDetails(ErrorInfoSchema).length > 0;
  if (error.code === Code.Unavailable && !saidByService) return unreachable(error, url);
  switch (error.code) {
    case Code.Unauthenticated:
      if (tokenFrom !== undefined) {
        return `the token came from ${tokenFrom}; predictd context show says where each part does`;
      }
      return (
        'set PREDICTD_TOKEN, or give --token-file FILE; the first start of the service wrote the ' +
        "admin's token to admin.json in its data directory, which --token-file takes as it is"
      );
    case Code.PermissionDenied:
      return 'ask an admin, or use the token of a user whose role allows it';
    case Code.DeadlineExceeded:
      return 'give it longer with --timeout, such as --timeout 5m';
    case Code.Unavailable:
      return 'this passes: try again in a while';
    case Code.Unimplemented:
      return `is ${url} a predictd of this version?`;
    default:
      return undefined;
  }
}

function unreachable(error: ConnectError, url: string): string {
  const cause = error.cause instanceof Error ? codeOf(error.cause) : '';
  if (/CERT|SIGNATURE|SELF_SIGNED|ALTNAME|ISSUER/.test(cause)) {
    return `the certificate of ${url} is not trusted: give its authority with --ca-file FILE`;
  }
  if (/SSL|EPROTO|HTTP2/.test(cause)) {
    return `does ${url} speak TLS? http:// is for services without it, https:// for those with it`;
  }
  return `is the service running at ${url}? Start it with: predictd serve --data DIR`;
}
