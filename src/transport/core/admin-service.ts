import type { ServiceImpl } from '@connectrpc/connect';
import type {
  AdminService,
  LogLevel as ProtoLogLevel,
} from '../../../gen/ts/predictd/v1/admin_service_pb.js';
import type { LogLevel } from '../../domain/log-level.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { logLevelCodec } from './enums.js';

/** AdminService over the use cases. */
export function adminService(service: Service): ServiceImpl<typeof AdminService> {
  return {
    async *backup(request, context) {
      for await (const data of service.backup(callerOf(context), request)) {
        yield { contentType: 'application/x-tar', data };
      }
    },
    async getLogLevel(request, context) {
      return { level: levelToMessage(await service.getLogLevel(callerOf(context), request)) };
    },
    async setLogLevel(request, context) {
      const asked = logLevelCodec.fromProto(request.level)?.toLowerCase();
      const { level, before } = await service.setLogLevel(callerOf(context), { level: asked });
      return { level: levelToMessage(level), previousLevel: levelToMessage(before) };
    },
  };
}

function levelToMessage(level: LogLevel): ProtoLogLevel {
  return logLevelCodec.toProto(level.toUpperCase() as Uppercase<LogLevel>);
}
