import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import type { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { startedKey } from '../started.js';
import { whenFullCodec } from './enums.js';
import { eventToMessage, executionToMessage } from './execution-message.js';
import { taskFromMessage, taskToMessage } from './task-message.js';
import { jsonObject } from './values.js';
import { watchToMessage } from './watch-message.js';

/** TaskService over the use cases. */
export function taskService(service: Service): ServiceImpl<typeof TaskService> {
  return {
    async createTask({ parent, taskId, task, force, requestId }, context) {
      const draft = task && taskFromMessage(task);
      const request = { parent, taskId, task: draft, force, requestId };
      return taskToMessage(await service.createTask(callerOf(context), request));
    },
    async getTask({ name }, context) {
      return taskToMessage(await service.getTask(callerOf(context), { name }));
    },
    async listTasks({ parent, pageSize, pageToken, filter, orderBy }, context) {
      const request = { parent, pageSize, pageToken, filter, orderBy };
      const { tasks, nextPageToken } = await service.listTasks(callerOf(context), request);
      return { tasks: tasks.map(taskToMessage), nextPageToken };
    },
    async updateTask({ task, updateMask }, context) {
      const view = await service.updateTask(callerOf(context), {
        name: task?.name ?? '',
        task: task && taskFromMessage(task),
        updateMask: updateMask?.paths ?? [],
        etag: task?.etag ?? '',
      });
      return taskToMessage(view);
    },
    async deleteTask({ name, force, etag, allowMissing }, context) {
      await service.deleteTask(callerOf(context), { name, force, etag, allowMissing });
      return {};
    },
    async startTask({ name, whenFull, requestId }, context) {
      const request = { name, whenFull: whenFullCodec.fromProto(whenFull), requestId };
      const view = await service.startTask(callerOf(context), request);
      context.values.set(startedKey, view.execution.id);
      return executionToMessage(view);
    },
    async stopTask({ name, force }, context) {
      const request = { name, force, signal: answerBy(context) };
      return taskToMessage(await service.stopTask(callerOf(context), request));
    },
    async swapModel({ name, model, etag, requestId }, context) {
      const request = { name, model, etag, requestId };
      return taskToMessage(await service.swapModel(callerOf(context), request));
    },
    async shadowModel({ name, model, etag, requestId }, context) {
      const request = { name, model, etag, requestId };
      return taskToMessage(await service.shadowModel(callerOf(context), request));
    },
    async promoteShadow({ name, etag, requestId }, context) {
      const request = { name, etag, requestId };
      return taskToMessage(await service.promoteShadow(callerOf(context), request));
    },
    async dropShadow({ name, etag, requestId }, context) {
      const request = { name, etag, requestId };
      return taskToMessage(await service.dropShadow(callerOf(context), request));
    },
    async rollbackModel({ name, etag, requestId }, context) {
      const request = { name, etag, requestId };
      return taskToMessage(await service.rollbackModel(callerOf(context), request));
    },
    async validateTask({ parent, task, dryRunRecords }, context) {
      const { faults, records } = await service.validateTask(callerOf(context), {
        parent,
        task: task && taskFromMessage(task),
        taskName: task?.name ?? '',
        dryRunRecords,
      });
      return {
        valid: faults.length === 0,
        faults: [...faults],
        records: records.map(({ output, ...record }) => ({
          ...record,
          offset: BigInt(record.offset),
          ...(output ? { output: jsonObject(output) } : {}),
        })),
      };
    },
    async *watchTasks({ parent, name, afterSequence }, context) {
      const { signal } = context;
      const request = { parent, name, afterSequence: Number(afterSequence), signal };
      for await (const message of service.watchTasks(callerOf(context), request)) {
        yield watchToMessage(message);
      }
    },
    async listEvents({ parent, pageSize, pageToken, afterSequence }, context) {
      const request = { parent, pageSize, pageToken, afterSequence: Number(afterSequence) };
      const { events, nextPageToken } = await service.listEvents(callerOf(context), request);
      return { events: events.map(eventToMessage), nextPageToken };
    },
  };
}

/** Long enough before the deadline for the answer, which says that the stop goes on, to reach the caller. */
const answerMs = 100;

/** Aborted when the caller has to be answered. */
function answerBy({ signal, timeoutMs }: HandlerContext): AbortSignal {
  const leftMs = timeoutMs();
  if (leftMs === undefined) return signal;
  return AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, leftMs - answerMs))]);
}
