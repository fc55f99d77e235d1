import type { Interceptor } from '@connectrpc/connect';
import { deadline } from './deadline.js';
import { errorLog } from './error-log.js';
import type { Log } from './log.js';

/**
 * What every chain of interceptors starts with, whatever the transport: the deadline outermost,
 * and the log inside it, so that a failure which comes after the deadline is still seen.
 */
export function baseInterceptors(log: Log): Interceptor[] {
  return [deadline, errorLog(log)];
}
