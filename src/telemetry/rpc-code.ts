import { Code, ConnectError } from '@connectrpc/connect';
import { codeToString } from '@connectrpc/connect/protocol-connect';

/** The code that a caller is told of an error: `internal` if it was not meant for callers. */
export function codeOfError(error: unknown): string {
  return codeToString(error instanceof ConnectError ? error.code : Code.Internal);
}

/** The code of a call that was ended from outside: `canceled` when the caller has gone. */
export function codeOfAbort({ reason }: AbortSignal): string {
  return codeToString(ConnectError.from(reason).code);
}
