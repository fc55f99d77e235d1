import { TaskService } from '../../../gen/ts/opentox/v1/task_service_pb.js';
import { ExecutionService } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { TaskService as CoreTaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import type { Service } from '../../service/create-service.js';
import type { Authenticator } from '../auth.js';
import type { Dialect } from '../dialect.js';
import type { Representation } from '../rest/representation.js';
import { authenticate, subjectId } from './auth.js';
import { opentoxApi } from './documentation.js';
import { iri } from './graph.js';
import { openToxRepresentation } from './representation.js';
import { taskService } from './rpc.js';
import { answerStartsWithTasks } from './start.js';

export interface OpentoxDeps {
  readonly service: Service;
  readonly authenticator: Authenticator;
  /** What clients call the service, without a slash at the end; absent: what each one calls it. */
  readonly publicUrl: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * OpenTox API 1.1: its tasks are the executions, and a start of the core answers with one if `Accept` asks for it. What
 * a task's representation points to, the core's tasks and executions, takes the same tokens.
 * Throws if no URI can be made of the public URL.
 */
export function createOpentox(deps: OpentoxDeps): Dialect {
  const { service, publicUrl } = deps;
  if (publicUrl !== undefined) iri(publicUrl);
  const starts = [CoreTaskService.method.startTask];
  const byToken: Representation = {
    ownQuery: [subjectId],
    authenticate: (call) => authenticate(deps.authenticator, call),
  };
  return {
    name: 'opentox',
    register: (router) => {
      router.service(TaskService, taskService(service, publicUrl));
    },
    representations: [
      { service: TaskService, representation: openToxRepresentation(deps) },
      { service: CoreTaskService, representation: answerStartsWithTasks(byToken, starts, deps) },
      { service: ExecutionService, representation: byToken },
    ],
    documentation: opentoxApi,
  };
}
