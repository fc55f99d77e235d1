import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import type {
  ExecutionService,
  TailLogsResponseSchema,
} from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import type { Service } from '../../service/create-service.js';
import type { TailMessage } from '../../service/tail-logs.js';
import { callerOf } from '../caller.js';
import { logSourceCodec, severityCodec } from './enums.js';
import { executionToMessage } from './execution-message.js';
import { timestamp } from './values.js';

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
    async *tailLogs({ name, follow, lines }, context) {
      const { signal } = context;
      const request = { name, follow, lines, signal };
      for await (const message of service.tailLogs(callerOf(context), request)) {
        yield { kind: kindOf(message) };
      }
    },
  };
}

function kindOf(
  message: TailMessage,
): NonNullable<MessageInitShape<typeof TailLogsResponseSchema>['kind']> {
  switch (message.type) {
    case 'line': {
      const { number, at, epoch, source, severity, ...texts } = message.line;
      return {
        case: 'line',
        value: {
          ...texts,
          number: BigInt(number),
          time: timestamp(at),
          epoch: BigInt(epoch),
          source: logSourceCodec.toProto(source),
          severity: severityCodec.toProto(severity),
        },
      };
    }
    case 'skipped':
      return { case: 'skipped', value: BigInt(message.count) };
    case 'heartbeat':
      return { case: 'heartbeat', value: {} };
  }
}
