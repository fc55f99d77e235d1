import { Code, ConnectError } from '@connectrpc/connect';

/** Returns why `signal` was aborted as an error a client understands. */
export function abortError(signal: AbortSignal): ConnectError {
  const reason: unknown = signal.reason;
  if (reason instanceof ConnectError) return reason;
  return new ConnectError('the call was cancelled', Code.Canceled, undefined, undefined, reason);
}

/**
 * Settles as `work` does, or rejects as soon as `signal` is aborted with a reason that `counts`.
 * The work is then left to itself and its late failure is nobody's. The listener is removed in
 * every case, so the signal may outlive many calls.
 */
export function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  counts: (error: ConnectError) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const error = abortError(signal);
      if (counts(error)) reject(error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = () => signal.removeEventListener('abort', onAbort);
    work.then(
      (value) => {
        settled();
        resolve(value);
      },
      (reason) => {
        settled();
        reject(reason);
      },
    );
  });
}
