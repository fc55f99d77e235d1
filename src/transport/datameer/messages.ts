import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  ExecutionPlanEntrySchema,
  ExecutionVolumeSchema,
  JobDetailsSchema,
  JobStatusSchema,
  RunningJobSchema,
} from '../../../gen/ts/datameer/v1/job_pb.js';
import { type Execution, waitsForTurn } from '../../domain/execution.js';
import type { State } from '../../domain/state.js';
import type { TaskStatus } from '../../domain/status.js';
import type { Task } from '../../domain/task.js';
import type { TaskRun } from '../../service/find-task-run.js';
import type { RunningTask } from '../../service/list-running.js';
import type { PlanEntry } from '../../service/run-sequence.js';
import type { Dates } from './dates.js';

/** What is needed to say things in Datameer's words. */
export interface Words {
  readonly dates: Dates;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly oldJobDetails: boolean;
}

/** The status of a job that never ran. */
export const neverRan = '_NONE';

/** What the newest execution of a job does. */
export function jobStatusToMessage(
  { task, status, execution }: TaskRun,
  { dates, now }: Words,
): MessageInitShape<typeof JobStatusSchema> {
  if (!execution) return { status: 'success', jobStatus: neverRan };
  const jobStatus = jobStatusOf(execution);
  const { startedAt, endedAt } = execution;
  return {
    status: 'success',
    fileId: BigInt(task.id),
    jobExecutionId: BigInt(execution.id),
    jobStatus,
    ...(startedAt === undefined ? {} : { startTime: dates.medium(startedAt) }),
    ...(endedAt === undefined ? {} : { stopTime: dates.medium(endedAt) }),
    ...(jobStatus === 'RUNNING'
      ? {
          estimateTime: `${secondsLeft(status, now()) ?? 0}s`,
          jobProgress: String(percentOf(status)),
        }
      : {}),
  };
}

/** An execution and its state, in the words of early releases. */
export function executionStateToMessage(execution: Execution): {
  readonly id: bigint;
  readonly jobStatus: string;
} {
  return { id: BigInt(execution.id), jobStatus: oldJobStatusOf(execution) };
}

/** How much an execution read. */
export function executionVolumeToMessage(
  execution: Execution,
): MessageInitShape<typeof ExecutionVolumeSchema> {
  const importedVolume = BigInt(execution.progress.counters.recordsIn);
  return { ...executionStateToMessage(execution), importedVolume, type: 'NORMAL' };
}

/** One execution with its counters. */
export function jobDetailsToMessage(
  { task, execution }: { readonly task: Task; readonly execution: Execution },
  { dates, oldJobDetails }: Words,
): MessageInitShape<typeof JobDetailsSchema> {
  const { startedAt, endedAt, progress } = execution;
  const { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped } = progress.counters;
  const dropped = BigInt(recordsDeadLettered + recordsSkipped);
  const date = oldJobDetails ? dates.timestamp : dates.medium;
  return {
    ...(startedAt === undefined ? {} : { startTime: date(startedAt) }),
    ...(endedAt === undefined ? {} : { stopTime: date(endedAt) }),
    jobStatus: oldJobStatusOf(execution),
    jobConfigurationId: BigInt(task.id),
    file: { id: BigInt(task.id), uuid: task.uid },
    successCount: BigInt(recordsOut),
    failureCount: dropped,
    counters: {
      IMPORT_RECORDS: BigInt(recordsIn),
      IMPORT_DROPPED_RECORDS: dropped,
      EXPORT_RECORDS: BigInt(recordsOut),
    },
  };
}

/** An execution that runs. */
export function runningJobToMessage(
  { task, status, execution }: RunningTask,
  { dates, now }: Words,
): MessageInitShape<typeof RunningJobSchema> {
  const seconds = secondsLeft(status, now());
  return {
    dapJobConfigurationId: BigInt(task.id),
    ...(seconds === undefined ? {} : { estimateTime: `${seconds} sec` }),
    jobExecutionId: BigInt(execution.id),
    jobStatus: oldJobStatusOf(execution),
    progress: percentOf(status),
    startTime: dates.timestamp(execution.startedAt ?? execution.createdAt),
  };
}

/** One job of a sequence. */
export function planEntryToMessage({
  task,
  execution,
  started,
}: PlanEntry): MessageInitShape<typeof ExecutionPlanEntrySchema> {
  return {
    jobConfigurationName: task.name,
    jobConfigurationId: BigInt(task.id),
    trigger: started,
    jobExecutionId: BigInt(execution.id),
  };
}

/** Nobody here knows of a job that is in trouble but runs, or that nobody hears of: they have not ended. */
const jobStatuses = {
  CREATED: neverRan,
  QUEUED: 'QUEUED',
  STARTING: 'RUNNING',
  RUNNING: 'RUNNING',
  DEGRADED: 'RUNNING',
  RESTARTING: 'RUNNING',
  STOPPING: 'RUNNING',
  UNKNOWN: 'RUNNING',
  COMPLETED: 'COMPLETED',
  COMPLETED_WITH_WARNINGS: 'COMPLETED_WITH_WARNINGS',
  CANCELLED: 'CANCELED',
  FAILED: 'ERROR',
} as const satisfies Record<State, string>;

function jobStatusOf(execution: Execution): string {
  return waitsForTurn(execution) ? 'WAITING_FOR_OTHER_JOB' : jobStatuses[execution.state];
}

/** Early releases spelt one of them in two cases, and their clients look for just that. */
function oldJobStatusOf(execution: Execution): string {
  const status = jobStatusOf(execution);
  return status === 'COMPLETED_WITH_WARNINGS' ? 'COMPLETED_WITH_Warnings' : status;
}

function secondsLeft({ estimatedEndAt }: TaskStatus, now: number): number | undefined {
  if (estimatedEndAt === undefined) return undefined;
  return Math.max(0, Math.ceil((estimatedEndAt - now) / 1_000));
}

function percentOf({ percentComplete }: TaskStatus): number {
  return Math.min(100, Math.max(0, Math.floor(percentComplete)));
}
