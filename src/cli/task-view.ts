import { durationMs } from '@bufbuild/protobuf/wkt';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import {
  ConditionStatus,
  DesiredStateSchema,
  GuaranteeSchema,
  type Latency,
  type Task,
  TaskSchema,
  type TaskSpec,
  type TaskStatus,
  type Termination,
  UntilSchema,
} from '../../gen/ts/predictd/v1/task_pb.js';
import type { View } from './output.js';
import { lastPart, ownerOf } from './resource-name.js';
import { scoringPairs } from './scoring-view.js';
import type { Column } from './table.js';
import { whyLine, whyOf } from './why.js';
import {
  age,
  countersLine,
  instantAndAge,
  partitionsLine,
  shareDone,
  stateTone,
  stateWord,
  word,
} from './wording.js';

/** How people see a task. */
export const taskView: View<typeof TaskSchema> = {
  schema: TaskSchema,
  name: (task) => task.name,
  columns: taskColumns,
  pairs: (task, now) => [...definition(task, now), ...observation(task.status, now)],
};

/** As `taskView`, with the owner: for lists over all users. */
export const ownedTaskView: View<typeof TaskSchema> = {
  ...taskView,
  columns: (now) => [{ title: 'USER', text: (task) => ownerOf(task.name) }, ...taskColumns(now)],
};

function taskColumns(now: number): readonly Column<Task>[] {
  return [
    { title: 'NAME', text: (task) => lastPart(task.name) },
    {
      title: 'STATE',
      text: ({ status }) => stateWord(stateOf(status)),
      tone: ({ status }) => stateTone(stateOf(status)),
    },
    {
      title: 'DONE',
      right: true,
      text: ({ status }) => shareDone(status),
    },
    { title: 'IN', right: true, text: ({ status }) => String(status?.counters?.recordsIn ?? '') },
    { title: 'OUT', right: true, text: ({ status }) => String(status?.counters?.recordsOut ?? '') },
    { title: 'LAG', right: true, text: ({ status }) => (ran(status) ? String(status.lag) : '') },
    { title: 'RATE', right: true, text: ({ status }) => rate(status) },
    { title: 'AGE', right: true, text: (task) => age(task.createTime, now) },
    { title: 'REASON', text: ({ status }) => (status ? whyLine(status) : '') },
  ];
}

function definition(task: Task, now: number): readonly (readonly [string, string])[] {
  const labels = Object.entries(task.labels).map(([key, value]) => `${key}=${value}`);
  return [
    ['Name', task.name],
    ['Id', task.id === 0n ? '' : `${task.id} (${task.uid})`],
    ['Display name', task.displayName],
    ['Labels', labels.join(', ')],
    ['Reads', task.spec?.source?.topic ?? ''],
    ['Writes', task.spec?.sink?.topic ?? ''],
    ['Predictor', predictorLine(task.spec)],
    ['Until', word(UntilSchema, task.spec?.until ?? 0)],
    ['Guarantee', word(GuaranteeSchema, task.spec?.guarantee ?? 0)],
    ['Parallelism', task.spec?.parallelism ? String(task.spec.parallelism) : ''],
    ['Generation', String(task.generation)],
    ['Created', instantAndAge(task.createTime, now)],
    ['Updated', instantAndAge(task.updateTime, now)],
    ['Wanted', word(DesiredStateSchema, task.desiredState)],
  ];
}

function observation(status: TaskStatus | undefined, now: number) {
  const unmet = (status?.conditions ?? []).filter((it) => it.status !== ConditionStatus.TRUE);
  const why = status && whyOf(status);
  const pairs: (readonly [string, string])[] = [
    ['State', [stateWord(stateOf(status)), why?.reason].filter(Boolean).join(', ')],
    ['Message', why?.message ?? ''],
    ['Since', instantAndAge(status?.stateTime, now)],
    ...scoringPairs(status?.models),
  ];
  if (!ran(status)) return pairs;
  return [
    ...pairs,
    ['Execution', lastPart(status.execution)] as const,
    ['Process', status.processIsAlive ? `alive (pid ${status.processId})` : 'not alive'] as const,
    ['Memory', status.memoryBytes === 0n ? '' : `${status.memoryBytes / MIB} MiB`] as const,
    ['Started', instantAndAge(status.startTime, now)] as const,
    ['Ended', instantAndAge(status.endTime, now)] as const,
    ['Done', shareDone(status)] as const,
    ['Records', countersLine(status.counters)] as const,
    ['Rate', rate(status)] as const,
    ['Lag', String(status.lag)] as const,
    ['Partitions', partitionsLine(status.partitions)] as const,
    ['Batches', latencyLine(status.batchLatency)] as const,
    ['Not met', unmet.map(({ type, reason }) => `${type} (${reason})`).join(', ')] as const,
    ['Restarts', status.restartCount === 0 ? '' : String(status.restartCount)] as const,
    ['Last ended', terminationLine(status.lastTermination)] as const,
    ['Last error', status.lastError] as const,
  ];
}

const MIB = 1024n * 1024n;

function ran(status: TaskStatus | undefined): status is TaskStatus {
  return status !== undefined && status.execution !== '';
}

function stateOf(status: TaskStatus | undefined): State {
  return status?.state ?? State.UNSPECIFIED;
}

function rate(status: TaskStatus | undefined): string {
  const perSecond = status?.recordsPerSecond ?? 0;
  return perSecond === 0
    ? ''
    : `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
}

function predictorLine(spec: TaskSpec | undefined): string {
  const kind = spec?.predictor?.kind;
  return kind?.case === 'onnx' ? `model ${kind.value.model}` : (kind?.case ?? '');
}

function latencyLine(latency: Latency | undefined): string {
  const { p50, p95, p99 } = latency ?? {};
  if (!p50 || !p95 || !p99) return '';
  const ms = [p50, p95, p99].map((it) => `${Math.round(durationMs(it))} ms`);
  return `p50 ${ms[0]}, p95 ${ms[1]}, p99 ${ms[2]}`;
}

function terminationLine(termination: Termination | undefined): string {
  if (termination === undefined) return '';
  return [termination.reason, termination.message].filter(Boolean).join(': ');
}
