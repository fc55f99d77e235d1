import {
  type DescMessage,
  isMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf';
import {
  type ExecutionState,
  type JobDetails,
  JobDetailsSchema,
  JobHistorySchema,
  type JobStatus,
  JobStatusSchema,
  LastExecutionSchema,
  OutcomeSchema,
  type RunJobsResponse,
  RunJobsResponseSchema,
  type RunningJob,
  RunningJobsSchema,
  type TriggeredJob,
  TriggeredJobSchema,
  VolumeReportSchema,
} from '../../../gen/ts/datameer/v1/job_pb.js';
import { neverRan } from './messages.js';

/** How job details look. */
export interface BodyOptions {
  readonly oldJobDetails: boolean;
}

/**
 * The JSON of an answer: documented keys in the documented order, ids as numbers, null where null is documented. None of
 * that is ProtoJSON's way. Undefined for the empty answer.
 */
export function bodyOf(message: Message, options: BodyOptions): JsonValue | undefined {
  for (const write of writers) {
    const body = write(message, options);
    if (body !== undefined) return body;
  }
  return undefined;
}

type Writer = (message: Message, options: BodyOptions) => JsonValue | undefined;

const writers: readonly Writer[] = [
  writer(JobStatusSchema, statusBody),
  writer(TriggeredJobSchema, triggeredBody),
  writer(LastExecutionSchema, ({ execution }) => (execution ? stateBody(execution) : {})),
  writer(JobHistorySchema, ({ executions }) => executions.map(stateBody)),
  writer(VolumeReportSchema, ({ executions }) =>
    executions.map((each) => ({
      ...stateBody(each),
      importedVolume: Number(each.importedVolume),
      type: each.type,
    })),
  ),
  writer(JobDetailsSchema, (details, { oldJobDetails }) =>
    oldJobDetails ? oldDetailsBody(details) : detailsBody(details),
  ),
  writer(RunningJobsSchema, ({ jobs }) => jobs.map(runningBody)),
  writer(RunJobsResponseSchema, runJobsBody),
  writer(OutcomeSchema, ({ status }) => ({ status })),
];

function writer<Desc extends DescMessage>(
  schema: Desc,
  write: (message: MessageShape<Desc>, options: BodyOptions) => JsonValue,
): Writer {
  return (message, options) => (isMessage(message, schema) ? write(message, options) : undefined);
}

function statusBody(job: JobStatus): JsonObject {
  const { status, jobStatus, startTime, stopTime, estimateTime, jobProgress } = job;
  if (jobStatus === neverRan) return { status, 'job-status': jobStatus };
  return {
    status,
    'file-id': Number(job.fileId),
    'job-execution-id': Number(job.jobExecutionId),
    'job-status': jobStatus,
    'start-time': startTime ?? null,
    ...(stopTime === undefined ? {} : { 'stop-time': stopTime }),
    ...(estimateTime === undefined ? {} : { 'estimate-time': estimateTime }),
    ...(jobProgress === undefined ? {} : { 'job-progress': jobProgress }),
  };
}

function triggeredBody(job: TriggeredJob): JsonObject {
  return {
    status: job.status,
    'job-execution-id': Number(job.jobExecutionId),
    'job-execution-user': job.jobExecutionUser,
    'job-execution-trigger': job.jobExecutionTrigger,
  };
}

function stateBody({
  id,
  jobStatus,
}: Pick<ExecutionState, 'id' | 'jobStatus'>): Record<'id' | 'jobStatus', JsonValue> {
  return { id: Number(id), jobStatus };
}

function detailsBody(details: JobDetails): JsonObject {
  return {
    ...timesOf(details),
    jobStatus: details.jobStatus,
    jobConfigurationId: Number(details.jobConfigurationId),
    file: { id: Number(details.file?.id ?? 0n), uuid: details.file?.uuid ?? '' },
    successCount: Number(details.successCount),
    failureCount: Number(details.failureCount),
    counters: countersOf(details),
  };
}

/** The keys of before Datameer 7.4, which stood in the order of the alphabet. */
function oldDetailsBody(details: JobDetails): JsonObject {
  return {
    counters: countersOf(details),
    failureCount: Number(details.failureCount),
    jobStatus: details.jobStatus,
    ...timesOf(details),
    successCount: Number(details.successCount),
  };
}

/** A time that is not there yet has no key: clients of these routes fail on null. */
function timesOf({ startTime, stopTime }: JobDetails): JsonObject {
  return {
    ...(startTime === undefined ? {} : { startTime }),
    ...(stopTime === undefined ? {} : { stopTime }),
  };
}

function countersOf({ counters }: JobDetails): JsonObject {
  return Object.fromEntries(Object.entries(counters).map(([name, count]) => [name, Number(count)]));
}

function runningBody(job: RunningJob): JsonObject {
  return {
    dapJobConfigurationId: Number(job.dapJobConfigurationId),
    ...(job.estimateTime === undefined ? {} : { estimateTime: job.estimateTime }),
    jobExecutionId: Number(job.jobExecutionId),
    jobStatus: job.jobStatus,
    progress: job.progress,
    startTime: job.startTime,
  };
}

function runJobsBody({ status, jobExecutionId, executionPlan }: RunJobsResponse): JsonObject {
  if (jobExecutionId !== undefined) return { status, 'job-execution-id': Number(jobExecutionId) };
  return {
    status,
    'execution-plan': executionPlan.map((entry) => ({
      'job-configuration-name': entry.jobConfigurationName,
      'job-configuration-id': Number(entry.jobConfigurationId),
      trigger: entry.trigger,
      'job-execution-id': Number(entry.jobExecutionId),
    })),
  };
}
