import type { Interceptor } from '@connectrpc/connect';
import { deadline } from './deadline.js';
import { type DescribeCall, errorLog } from './error-log.js';
import type { Log } from './log.js';
import { requestIdKey } from './request-id.js';

/**
 * What every chain of interceptors starts with, whatever the transport: the deadline outermost,
 * and the log inside it, so that a failure which comes after the deadline is still seen.
 */
export function baseInterceptors(log: Log, describe: DescribeCall = describeCall): Interceptor[] {
  return [deadline, errorLog(log, describe)];
}

const describeCall: DescribeCall = ({ contextValues, service, method }) => ({
  requestId: contextValues.get(requestIdKey),
  procedure: `${service.typeName}/${method.name}`,
});
