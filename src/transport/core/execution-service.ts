import type { ServiceImpl } from '@connectrpc/connect';
import type { ExecutionService } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { executionToMessage } from './execution-message.js';

/** ExecutionService over the use cases. */
export function executionService(service: Service): ServiceImpl<typeof ExecutionService> {
  return {
    async getExecution({ name }, context) {
      return executionToMessage(await service.getExecution(callerOf(context), { name }));
    },
    async listExecutions({ parent, pageSize, pageToken }, context) {
      const request = { parent, pageSize, pageToken };
      const page = await service.listExecutions(callerOf(context), request);
      return {
        executions: page.executions.map(executionToMessage),
        nextPageToken: page.nextPageToken,
      };
    },
  };
}
