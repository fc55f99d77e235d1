import { Code, ConnectError } from '@connectrpc/connect';

/** An error answer that is said exactly so over HTTP. */
export interface Refusal {
  readonly status: 400 | 401 | 409 | 500;
  readonly statusString: string;
  /** Texts by their keys; most refusals have none. */
  readonly values?: Readonly<Record<string, string>>;
}

const codes = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  409: Code.FailedPrecondition,
  500: Code.Internal,
} as const;

/** Kept beside the errors: `instanceof` does not tell subclasses of ConnectError apart. */
const refusals = new WeakMap<ConnectError, Refusal>();

/** Makes the error of a refusal. Other protocols see the code that fits its status. */
export function refuse(refusal: Refusal, cause?: unknown): ConnectError {
  const { status, statusString } = refusal;
  const error = new ConnectError(statusString, codes[status], undefined, undefined, cause);
  refusals.set(error, refusal);
  return error;
}

/** The refusal of an error that `refuse` made. */
export function refusalOf(error: ConnectError): Refusal | undefined {
  return refusals.get(error);
}
