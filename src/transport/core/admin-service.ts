import type { ServiceImpl } from '@connectrpc/connect';
import type { AdminService } from '../../../gen/ts/predictd/v1/admin_service_pb.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';

/** AdminService over the use cases. */
export function adminService(service: Service): ServiceImpl<typeof AdminService> {
  return {
    async *backup(request, context) {
      for await (const data of service.backup(callerOf(context), request)) {
        yield { contentType: 'application/x-tar', data };
      }
    },
  };
}
