import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import type { JobService, RunJobsRequest } from '../../../gen/ts/datameer/v1/job_service_pb.js';
import { DomainError, invalidField } from '../../domain/errors.js';
import { limits } from '../../domain/limits.js';
import { isFinal } from '../../domain/state.js';
import { taskResourceName } from '../../domain/task.js';
import type { Caller } from '../../domain/user.js';
import type { Service } from '../../service/create-service.js';
import type { TaskRun } from '../../service/find-task-run.js';
import { callerOf } from '../caller.js';
import { startedKey } from '../started.js';
import { referenceOfFile } from './job-file.js';
import {
  executionStateToMessage,
  executionVolumeToMessage,
  jobDetailsToMessage,
  jobStatusToMessage,
  planEntryToMessage,
  runningJobToMessage,
  type Words,
} from './messages.js';

/** What a page of history has without a wish. */
const historyLength = 10;

/** JobService over the use cases. */
export function jobService(service: Service, words: Words): ServiceImpl<typeof JobService> {
  const start = starter(service);
  return {
    async getJobStatus({ file }, context) {
      const run = await service.findTaskRun(callerOf(context), referenceOfFile(file));
      return jobStatusToMessage(run, words);
    },
    async triggerJob({ file }, context) {
      const caller = callerOf(context);
      const run = await service.findTaskRun(caller, referenceOfFile(file));
      const jobExecutionId = await start(caller, run, context);
      const by = { jobExecutionUser: caller.name, jobExecutionTrigger: 'RESTAPI' };
      return { status: 'success', jobExecutionId, ...by };
    },
    async stopJob({ file }, context) {
      const caller = callerOf(context);
      const { task } = await service.findTaskRun(caller, referenceOfFile(file));
      await service.stopTask(caller, { name: taskResourceName(task), signal: context.signal });
      return {};
    },
    async getLastExecution({ jobConfigurationId }, context) {
      const id = Number(jobConfigurationId);
      const { execution } = await service.findTaskRun(callerOf(context), { id });
      return execution ? { execution: executionStateToMessage(execution) } : {};
    },
    async listJobHistory({ jobConfigurationId, start = 0, length = historyLength }, context) {
      const request = { taskId: Number(jobConfigurationId), start, length };
      const executions = await service.listHistory(callerOf(context), request);
      return { executions: executions.map(executionStateToMessage) };
    },
    async getVolumeReport({ jobConfigurationId }, context) {
      const request = { taskId: Number(jobConfigurationId), start: 0, length: limits.pageMax };
      const executions = await service.listHistory(callerOf(context), request);
      return { executions: executions.map(executionVolumeToMessage) };
    },
    async getJobDetails({ jobExecutionId }, context) {
      const caller = callerOf(context);
      const { execution } = await service.findExecution(caller, { id: idText(jobExecutionId) });
      const { task } = await service.findTaskRun(caller, { id: execution.taskId });
      return jobDetailsToMessage({ task, execution }, words);
    },
    async listRunningJobs(_request, context) {
      const running = await service.listRunning(callerOf(context), {});
      return { jobs: running.map((run) => runningJobToMessage(run, words)) };
    },
    async runJobs(request, context) {
      const caller = callerOf(context);
      const { configuration } = request;
      if (configuration === undefined) {
        const plan = await service.runSequence(caller, sequenceOf(request));
        const first = plan.find(({ started }) => started);
        context.values.set(startedKey, first?.execution.id);
        return { status: 'success', executionPlan: plan.map(planEntryToMessage) };
      }
      if (request.sequence !== undefined) {
        throw invalidField('sequence', 'CONFLICT', 'Give either configuration or sequence.');
      }
      const run = await service.findTaskRun(caller, { id: Number(configuration) });
      return { status: 'success', jobExecutionId: await start(caller, run, context) };
    },
    async killJob({ jobExecutionId }, context) {
      await cancel(service, jobExecutionId, context);
      return { status: 'success' };
    },
    async removeData({ dataId }, context) {
      const caller = callerOf(context);
      const run = await orNone(service.findTaskRun(caller, { id: Number(dataId) }));
      if (run) {
        await service.deleteTask(caller, { name: taskResourceName(run.task) });
        return { status: 'success' };
      }
      const id = idText(dataId);
      const { execution } = await service.findExecution(caller, { id });
      // Of an execution that has ended nothing is kept that could be removed without the history of its job.
      if (isFinal(execution.state)) throw new DomainError('EXECUTION_NOT_FOUND');
      await service.cancelExecution(caller, { id, signal: context.signal });
      return { status: 'success' };
    },
  };
}

/** Starts a job, queued if need be, and answers the id of the execution. */
function starter(service: Service) {
  return async (caller: Caller, { task }: TaskRun, context: HandlerContext): Promise<bigint> => {
    const request = { name: taskResourceName(task), whenFull: 'QUEUE' };
    const { execution } = await service.startTask(caller, request);
    context.values.set(startedKey, execution.id);
    return BigInt(execution.id);
  };
}

/** The older way to stop is called with the id of an execution or of its job: an id names one thing here. */
async function cancel(service: Service, id: bigint, context: HandlerContext): Promise<void> {
  const caller = callerOf(context);
  const { signal } = context;
  const run = await orNone(service.findTaskRun(caller, { id: Number(id) }));
  if (run) await service.stopTask(caller, { name: taskResourceName(run.task), signal });
  else await service.cancelExecution(caller, { id: idText(id), signal });
}

async function orNone(found: Promise<TaskRun>): Promise<TaskRun | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'TASK_NOT_FOUND') return undefined;
    throw error;
  }
}

/** No id is 0, so that what cannot be one is not found. */
function idText(id: bigint): string {
  return id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER) ? String(id) : String(unusedId);
}

const unusedId = Number.MAX_SAFE_INTEGER;

function sequenceOf({ sequence = '', options }: RunJobsRequest) {
  const given = sequence.split(',').map((id) => id.trim());
  const ids = given.filter((id) => id !== '');
  if (ids.some((id) => !/^\d{1,15}$/.test(id))) {
    throw invalidField('sequence', 'INVALID_ID', 'Give ids of jobs, separated by commas.');
  }
  return {
    taskIds: [...ids, ...(options?.fileIds ?? [])].map(Number),
    variables: new Map(Object.entries(options?.variables ?? {})),
  };
}
