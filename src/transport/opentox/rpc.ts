import { create } from '@bufbuild/protobuf';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import {
  ListTasksResponseSchema,
  type TaskService,
} from '../../../gen/ts/opentox/v1/task_service_pb.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { readHistory } from './history.js';
import { historyToMessage, listFromMessage, taskToMessage } from './messages.js';
import { baseOf, type Uris, urisUnder } from './uris.js';

/** OpenTox's tasks over the use cases. */
export function taskService(
  service: Service,
  publicUrl: string | undefined,
): ServiceImpl<typeof TaskService> {
  const urisOf = (context: HandlerContext): Uris => urisUnder(baseOf(publicUrl, context));
  return {
    async listTasks(request, context) {
      const wanted = listFromMessage(request);
      const reports = await service.listAllExecutions(callerOf(context), wanted);
      const uris = urisOf(context);
      const tasks = reports.map((report) => taskToMessage(report, uris));
      return create(ListTasksResponseSchema, { tasks });
    },
    async getTask({ id }, context) {
      const report = await service.findExecution(callerOf(context), { id });
      return taskToMessage(report, urisOf(context), id);
    },
    async deleteTask({ id }, context) {
      const { signal } = context;
      const report = await service.cancelExecution(callerOf(context), { id, signal });
      return taskToMessage(report, urisOf(context), id);
    },
    async getHistory({ id }, context) {
      const { report, events } = await readHistory(service, callerOf(context), id);
      return historyToMessage(report, events, { uris: urisOf(context), askedId: id });
    },
  };
}
