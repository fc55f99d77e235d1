import type { TaskStatus } from '../../../gen/ts/predictd/v1/task_pb.js';

/** Records that wait, over all partitions; undefined before the first runner has looked at them, when 0 says nothing. */
export function lagOf(status: TaskStatus | undefined): bigint | undefined {
  return status && status.partitions.length > 0 ? status.lag : undefined;
}
