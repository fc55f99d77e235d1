import { timestampMs } from '@bufbuild/protobuf/wkt';
import { type Event, Severity } from '../../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { lagOf } from '../api/lag.js';
import { now } from '../clock.js';
import { taskHref } from '../router.js';
import { bytes, count, lastPart, rate, span } from '../words.js';
import { Conditions } from './conditions.js';
import { EventTable } from './event-table.js';
import { LastErrors } from './last-errors.js';
import { Partitions } from './partitions.js';
import { StateTimeline } from './state-timeline.js';
import { TaskModels } from './task-models.js';
import { badOf, predictorOf } from './task-order.js';
import { TaskPlots } from './task-plots.js';

interface TaskOverviewProps {
  readonly task: Task;
  readonly events: readonly Event[];
}

const recentEvents = 8;

/** How the task is and how it came to that. */
export function TaskOverview({ task, events }: TaskOverviewProps) {
  const hasErrors = badOf(task) > 0n || events.some(({ severity }) => severity >= Severity.WARNING);
  return (
    <div class="overview">
      <Facts task={task} />
      <TaskPlots task={task} />
      <TaskModels task={task} />
      <section>
        <h2>States</h2>
        <StateTimeline events={events} />
        <EventTable events={events.slice(-recentEvents)} />
        {events.length > recentEvents && (
          <a href={taskHref(task.name, 'events')}>All {events.length} events</a>
        )}
      </section>
      {hasErrors && <LastErrors task={task} events={events} />}
      <div class="pair">
        <Conditions task={task} />
        <Partitions task={task} />
      </div>
    </div>
  );
}

function Facts({ task }: { readonly task: Task }) {
  const { status } = task;
  const lag = lagOf(status);
  const { recordsIn, recordsOut, recordsDeadLettered, recordsSkipped } = status?.counters ?? {};
  const facts: readonly (readonly [title: string, value: string, isBad?: boolean])[] = [
    ['Read', count(recordsIn)],
    ['Predicted', count(recordsOut)],
    ['Dead-lettered', count(recordsDeadLettered), (recordsDeadLettered ?? 0n) > 0n],
    ['Skipped', count(recordsSkipped), (recordsSkipped ?? 0n) > 0n],
    ['Rate', `${rate(status?.recordsPerSecond ?? 0)}/s`],
    ['Lag', lag === undefined ? '–' : `${count(lag)}${workedOff(task)}`],
    ['Restarts', count(status?.restartCount), (status?.restartCount ?? 0) > 0],
    ['Uptime', uptime(task)],
    ['Model', predictorOf(task)],
    ['Process', status?.processId ? `${status.processId}, ${bytes(status.memoryBytes)}` : '–'],
  ];
  return (
    <dl class="facts">
      {facts.map(([title, value, isBad]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd class={isBad ? 'tone-bad' : ''}>{value}</dd>
        </div>
      ))}
      {status?.modelSha256 && (
        <div>
          <dt>Model SHA-256</dt>
          <dd class="mono" title={status.modelSha256}>
            {status.modelSha256.slice(0, 12)}…
          </dd>
        </div>
      )}
      {status?.execution && (
        <div>
          <dt>Execution</dt>
          <dd>{lastPart(status.execution)}</dd>
        </div>
      )}
    </dl>
  );
}

function workedOff({ status }: Task): string {
  if (!status?.estimatedEndTime) return '';
  return `, done in ${span(timestampMs(status.estimatedEndTime) - now.value)}`;
}

function uptime({ status }: Task): string {
  if (!status?.startTime) return '–';
  const end = status.endTime ? timestampMs(status.endTime) : now.value;
  const ran = span(end - timestampMs(status.startTime));
  return status.endTime ? `ran ${ran}` : ran;
}
