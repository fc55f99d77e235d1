import { ConnectError, type Interceptor } from '@connectrpc/connect';
import type { Log } from './log.js';

/** What is known of a call, for the line about it. */
export type DescribeCall = (req: Parameters<ReturnType<Interceptor>>[0]) => object;

/**
 * Logs, once, what a handler threw without meaning to: the client is only told "internal error".
 * Failures after the call was cancelled are the cancellation's echo and are not logged.
 */
export function errorLog(log: Log, describe: DescribeCall): Interceptor {
  return (next) => async (req) => {
    const report = (err: unknown) => {
      if (err instanceof ConnectError || isEcho(err, req.signal)) return;
      log.error({ err, ...describe(req) }, 'a handler failed');
    };
    try {
      const res = await next(req);
      return res.stream ? { ...res, message: reporting(res.message, report) } : res;
    } catch (err) {
      report(err);
      throw err;
    }
  };
}

async function* reporting<T>(
  source: AsyncIterable<T>,
  report: (err: unknown) => void,
): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (err) {
    report(err);
    throw err;
  }
}

function isEcho(err: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return err === signal.reason || (err instanceof Error && err.name === 'AbortError');
}
