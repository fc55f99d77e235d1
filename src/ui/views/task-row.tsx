import { timestampMs } from '@bufbuild/protobuf/wkt';
import { memo } from 'preact/compat';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { lagOf } from '../api/lag.js';
import { now } from '../clock.js';
import { StateMark } from '../components/state-mark.js';
import { taskHref } from '../router.js';
import { compact, count, lastPart, ownerOf, rate, span } from '../words.js';
import { badOf, predictorOf, stateOf } from './task-order.js';
import { whyOf } from './why.js';

export interface TaskRowProps {
  readonly task: Task;
  /** Position in the whole list, from 1. */
  readonly index: number;
  readonly isChosen: boolean;
  readonly showOwner: boolean;
  readonly onChoose: (name: string, chosen: boolean) => void;
}

/** One task in a line: what it does and, if it does not, why. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, index, isChosen, showOwner, onChoose } = props;
  const { status } = task;
  const id = lastPart(task.name);
  const ran = status !== undefined && status.execution !== '';
  const lag = lagOf(status);
  const bad = badOf(task);
  const why = whyOf(task);
  return (
    <tr aria-rowindex={index + 1} class={`row-${why.tone} ${isChosen ? 'chosen' : ''}`}>
      <td class="choose">
        <input
          type="checkbox"
          aria-label={`Choose ${id}`}
          checked={isChosen}
          onChange={(event) => onChoose(task.name, event.currentTarget.checked)}
        />
      </td>
      <td class="task">
        <a href={taskHref(task.name)}>{id}</a>
        <small>
          {[showOwner && ownerOf(task.name), task.displayName].filter(Boolean).join(' · ') ||
            `${task.spec?.source?.topic ?? ''} → ${task.spec?.sink?.topic ?? ''}`}
        </small>
      </td>
      <td class="state-cell">
        <StateMark state={stateOf(task)} />
        <small>
          <Since task={task} />
        </small>
      </td>
      <td class="why" title={why.message}>
        <span>
          <b>{why.reason}</b> {why.message}
        </span>
      </td>
      <td class="number">{status?.processIsAlive ? `${rate(status.recordsPerSecond)}/s` : '–'}</td>
      <td class="number" title={lag === undefined ? undefined : count(lag)}>
        {lag === undefined ? '–' : compact(lag)}
      </td>
      <td class="number records">
        {ran ? compact(status.counters?.recordsIn ?? 0n) : '–'}
        {bad > 0n && <small class="tone-bad">{compact(bad)} bad</small>}
      </td>
      <td class={`number ${(status?.restartCount ?? 0) > 0 ? 'tone-warning' : ''}`}>
        {ran ? status.restartCount : '–'}
      </td>
      <td class="number">
        <Uptime task={task} />
      </td>
      <td class="model" title={predictorOf(task)}>
        {predictorOf(task)}
      </td>
    </tr>
  );
});

/** How long the state lasts already; it ticks. */
function Since({ task: { status } }: { readonly task: Task }) {
  return status?.stateTime ? `for ${span(now.value - timestampMs(status.stateTime))}` : null;
}

/** How long its execution runs already; it ticks. */
function Uptime({ task: { status } }: { readonly task: Task }) {
  if (!status?.processIsAlive || !status.startTime) return '–';
  return span(now.value - timestampMs(status.startTime));
}
