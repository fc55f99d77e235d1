import { Code, ConnectError } from '@connectrpc/connect';
import { SettingsError } from '../config.js';
import { isLostConnection } from './lost-connection.js';

/** How the process ends. Scripts depend on the numbers; `exitCodeHelp` documents them. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  conflict: 5,
  unavailable: 6,
  executionFailed: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The part of the help that documents the codes. */
export const exitCodeHelp = `Exit codes:
  0    done
  1    failed, or the answer is no (\`tasks validate\` found faults)
  2    usage: the command line, a setting, a file or a request does not make sense
  3    not found
  4    not signed in, or not allowed
  5    conflict: exists already, changed meanwhile, in use, or over a limit
  6    the service cannot be reached, or did not answer in time
  7    the execution ended FAILED (\`tasks start --wait\`)
  130  interrupted by Ctrl-C`;

/** A failure that this program found itself. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: ExitCode;
  readonly details: readonly string[];
  readonly hint: string | undefined;
  /** What could not be done, if it is not what the command is for. */
  readonly action: string | undefined;

  constructor(
    message: string,
    about: {
      exitCode?: ExitCode;
      details?: readonly string[];
      hint?: string;
      action?: string;
    } = {},
  ) {
    super(message);
    this.action = about.action;
    this.exitCode = about.exitCode ?? exitCode.usage;
    this.details = about.details ?? [];
    this.hint = about.hint;
  }
}

/** The code that an error ends the process with. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof SettingsError) return exitCode.usage;
  if (!(error instanceof ConnectError)) return exitCode.failed;
  if (isLostConnection(error)) return exitCode.unavailable;
  return codes[error.code] ?? exitCode.failed;
}

const codes: Partial<Record<Code, ExitCode>> = {
  [Code.InvalidArgument]: exitCode.usage,
  [Code.OutOfRange]: exitCode.usage,
  [Code.NotFound]: exitCode.notFound,
  [Code.Unauthenticated]: exitCode.denied,
  [Code.PermissionDenied]: exitCode.denied,
  [Code.AlreadyExists]: exitCode.conflict,
  [Code.FailedPrecondition]: exitCode.conflict,
  [Code.Aborted]: exitCode.conflict,
  [Code.ResourceExhausted]: exitCode.conflict,
  [Code.Unavailable]: exitCode.unavailable,
  [Code.DeadlineExceeded]: exitCode.unavailable,
};
