import type { DescEnum } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { State, StateSchema } from '../../gen/ts/predictd/v1/state_pb.js';
import type { Counters, PartitionProgress, TaskStatus } from '../../gen/ts/predictd/v1/task_pb.js';
import { formatDuration } from './duration.js';
import type { Tone } from './table.js';

/** An enum value without its prefix; empty if nothing was said. */
export function word(schema: DescEnum, value: number): string {
  const name = schema.value[value]?.localName ?? String(value);
  return name === 'UNSPECIFIED' ? '' : name;
}

/** A state in one word. */
export function stateWord(state: State): string {
  return word(StateSchema, state) || 'UNKNOWN';
}

/** Why it is in its state, in one word; empty if the state says it. */
export function reasonWord({
  state,
  reason,
}: {
  readonly state: State;
  readonly reason: string;
}): string {
  return reason === stateWord(state) ? '' : reason;
}

/** Whether an execution in this state does nothing any more. */
export function isFinal(state: State): boolean {
  return finalStates.includes(state);
}

/** How a state is coloured. */
export function stateTone(state: State): Tone {
  if (state === State.FAILED || state === State.UNKNOWN) return 'bad';
  if (state === State.RUNNING || state === State.COMPLETED) return 'good';
  return warningStates.includes(state) ? 'warning' : 'plain';
}

/** How long ago, such as `3m20s`; empty if it never was. */
export function age(time: Timestamp | undefined, now: number): string {
  return time === undefined ? '' : formatDuration(now - timestampMs(time));
}

/** RFC 3339 in UTC to the second; empty if it never was. */
export function instant(time: Timestamp | undefined): string {
  return time === undefined ? '' : timestampDate(time).toISOString().replace(/\.\d+/, '');
}

/** A time and how long ago it was. */
export function instantAndAge(time: Timestamp | undefined, now: number): string {
  return time === undefined ? '' : `${instant(time)} (${age(time, now)} ago)`;
}

/** A share of 100 with at most one decimal. */
function percent(value: number): string {
  // Rounding must not say 100 before it is true.
  return `${Math.floor(value * 10) / 10}%`;
}

/** What tells how much of its records an execution has done. */
type Share = Pick<TaskStatus, 'counters' | 'lag' | 'state' | 'percentComplete'>;

/** How much of its records an execution has done; empty while 0 of 0 would be shown as all of them. */
export function shareDone(run: Share | undefined): string {
  if (run === undefined) return '';
  const nothing = !run.counters?.recordsIn && run.lag === 0n && run.percentComplete === 100;
  return nothing && !isComplete(run.state) ? '' : percent(run.percentComplete);
}

function isComplete(state: State): boolean {
  return state === State.COMPLETED || state === State.COMPLETED_WITH_WARNINGS;
}

/** All counters in a line. */
export function countersLine(counters: Counters | undefined): string {
  if (counters === undefined) return '';
  const { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped } = counters;
  return `${recordsIn} in, ${recordsOut} out, ${recordsDeadLettered} dead-lettered, ${recordsSkipped} skipped`;
}

/** Where each partition is. */
export function partitionsLine(partitions: readonly PartitionProgress[]): string {
  return partitions
    .map(
      ({ partition, offset, endOffset, lag }) =>
        `${partition}: ${offset}/${endOffset} (lag ${lag})`,
    )
    .join(', ');
}

const finalStates: readonly State[] = [
  State.COMPLETED,
  State.COMPLETED_WITH_WARNINGS,
  State.CANCELLED,
  State.FAILED,
];

const warningStates: readonly State[] = [
  State.DEGRADED,
  State.RESTARTING,
  State.COMPLETED_WITH_WARNINGS,
];
