import type { Measure } from '../domain/measures.js';
import type { TaskSample } from '../domain/task-sample.js';
import type { Family } from './exposition.js';

/** One number of each task. Undefined: it has none now. */
export interface TaskNumber extends Family {
  readonly read: (task: TaskSample, now: number) => number | undefined;
}

/** Every metric with one number for each task. */
export const taskNumbers: readonly TaskNumber[] = [
  {
    name: 'predictd_task_records_in_total',
    help: 'Records read from the source and done, by all executions of the task.',
    type: 'counter',
    read: ({ counters }) => counters?.recordsIn,
  },
  {
    name: 'predictd_task_records_out_total',
    help: 'Predictions written to the sink, by all executions of the task.',
    type: 'counter',
    read: ({ counters }) => counters?.recordsOut,
  },
  {
    name: 'predictd_task_records_dead_lettered_total',
    help: 'Records written to the dead-letter topic, by all executions of the task.',
    type: 'counter',
    read: ({ counters }) => counters?.recordsDeadLettered,
  },
  {
    name: 'predictd_task_records_skipped_total',
    help: 'Records left out by the policy SKIP, by all executions of the task.',
    type: 'counter',
    read: ({ counters }) => counters?.recordsSkipped,
  },
  {
    name: 'predictd_task_restarts_total',
    help: 'Restarts of runners, in all executions of the task.',
    type: 'counter',
    read: ({ restarts }) => restarts,
  },
  {
    name: 'predictd_task_executions_total',
    help: 'Executions of the task, the present one included.',
    type: 'counter',
    read: ({ executions }) => executions,
  },
  {
    name: 'predictd_task_records_per_second',
    help: 'Records done a second, over the last five seconds.',
    type: 'gauge',
    read: ({ active }) => active?.recordsPerSecond,
  },
  {
    name: 'predictd_task_lag_records',
    help: 'Records of the source that are not done, over all partitions, while an execution goes on.',
    type: 'gauge',
    read: ({ active }) => active?.partitions.reduce((sum, { lag }) => sum + lag, 0),
  },
  {
    name: 'predictd_task_lag_seconds',
    help: 'Age of the oldest record that is not done, by its own timestamp; 0 if there is none.',
    type: 'gauge',
    read: lagSeconds,
  },
  {
    name: 'predictd_task_memory_bytes',
    help: 'Resident memory of the runner.',
    type: 'gauge',
    read: ({ active }) => (active && active.memoryBytes > 0 ? active.memoryBytes : undefined),
  },
];

/** Each measure of the runners as a histogram of each task. */
export const taskHistograms: Readonly<Record<Measure, Family>> = {
  decode: {
    name: 'predictd_task_decode_duration_seconds',
    help: 'Time to read the records of a micro-batch into the inputs of the model.',
    type: 'histogram',
  },
  score: {
    name: 'predictd_task_score_duration_seconds',
    help: 'Time of the model for a micro-batch.',
    type: 'histogram',
  },
  commit: {
    name: 'predictd_task_commit_duration_seconds',
    help: 'Time to write the predictions, the offset and the counters of a micro-batch.',
    type: 'histogram',
  },
  endToEnd: {
    name: 'predictd_task_end_to_end_duration_seconds',
    help: 'Time from the own timestamp of a record to the commit of its micro-batch.',
    type: 'histogram',
  },
  batchRecords: {
    name: 'predictd_task_batch_records',
    help: 'Records of a micro-batch.',
    type: 'histogram',
  },
};

/** Lag of one partition. */
export const partitionLag = {
  records: {
    name: 'predictd_task_partition_lag_records',
    help: 'Records of a partition of the source that are not done, while an execution goes on.',
    type: 'gauge',
  },
  seconds: {
    name: 'predictd_task_partition_lag_seconds',
    help: 'Age of the oldest record of a partition that is not done; absent while it is not known.',
    type: 'gauge',
  },
} as const satisfies Readonly<Record<string, Family>>;

/** Age of the oldest record of a partition that is not done, in seconds; undefined if it was not read yet. */
export function partitionLagSeconds(
  { lag, oldestAt }: { readonly lag: number; readonly oldestAt?: number },
  now: number,
): number | undefined {
  if (lag === 0) return 0;
  return oldestAt === undefined ? undefined : Math.max(0, now - oldestAt) / 1_000;
}

function lagSeconds({ active }: TaskSample, now: number): number | undefined {
  const ages = active?.partitions.flatMap((one) => partitionLagSeconds(one, now) ?? []) ?? [];
  return ages.length === 0 ? undefined : Math.max(...ages);
}
