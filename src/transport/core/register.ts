import type { ConnectRouter, Interceptor } from '@connectrpc/connect';
import { AdminService } from '../../../gen/ts/predictd/v1/admin_service_pb.js';
import { DeadLetterService } from '../../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { ExecutionService } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { ModelService } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { TargetService } from '../../../gen/ts/predictd/v1/target_service_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import type { Service } from '../../service/create-service.js';
import { type Authenticator, authentication } from '../auth.js';
import { translateErrors } from '../errors.js';
import { adminService } from './admin-service.js';
import { deadLetterService } from './dead-letter-service.js';
import { executionService } from './execution-service.js';
import { modelService } from './model-service.js';
import { targetService } from './target-service.js';
import { taskService } from './task-service.js';
import { userService } from './user-service.js';

/** The services of the core, in the order of the documentation. */
export const coreServices = [
  TaskService,
  ExecutionService,
  DeadLetterService,
  ModelService,
  UserService,
  TargetService,
  AdminService,
] as const;

/** Serves the core's services. */
export function registerCore(router: ConnectRouter, service: Service): void {
  router.service(TaskService, taskService(service));
  router.service(ExecutionService, executionService(service));
  router.service(DeadLetterService, deadLetterService(service));
  router.service(ModelService, modelService(service));
  router.service(UserService, userService(service));
  router.service(TargetService, targetService(service));
  router.service(AdminService, adminService(service));
}

/**
 * What every call goes through inside the server's own interceptors: errors are translated outermost, and nobody gets
 * by without a caller. `dialects` authenticate calls of theirs in their own way, before the core's way is tried.
 */
export function coreInterceptors(options: {
  readonly authenticator: Authenticator;
  readonly dialects?: readonly Interceptor[];
}): Interceptor[] {
  return [translateErrors, ...(options.dialects ?? []), authentication(options.authenticator)];
}
