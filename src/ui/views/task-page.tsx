import { timestampMs } from '@bufbuild/protobuf/wkt';
import { useEffect } from 'preact/hooks';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { isComplete, liveTasks } from '../api/live-tasks.js';
import { now } from '../clock.js';
import { StateMark } from '../components/state-mark.js';
import { useEvents } from '../components/use-events.js';
import { taskHref } from '../router.js';
import { age, lastPart, ownerOf, span } from '../words.js';
import { DeadLetters } from './dead-letters.js';
import { EventTable } from './event-table.js';
import { Executions } from './executions.js';
import { LogTail } from './log-tail.js';
import { TaskActions } from './task-actions.js';
import { TaskDefinition } from './task-definition.js';
import { stateOf } from './task-order.js';
import { TaskOverview } from './task-overview.js';
import { whyOf } from './why.js';

interface TaskPageProps {
  readonly name: string;
  readonly tab: string;
}

const tabs = [
  ['', 'Overview'],
  ['events', 'Events'],
  ['log', 'Log'],
  ['dead-letters', 'Dead letters'],
  ['executions', 'Executions'],
  ['definition', 'Definition'],
] as const;

/** Everything about one task. */
export function TaskPage({ name, tab }: TaskPageProps) {
  const task = liveTasks.value.get(name);
  useEffect(() => {
    document.title = `${lastPart(name)} · predictd`;
  }, [name]);
  if (!task) {
    const said = isComplete.value ? `There is no task "${name}".` : 'Loading…';
    return (
      <p class="nothing">
        {said} <a href="#/tasks">All tasks</a>
      </p>
    );
  }
  return <KnownTask key={task.uid} task={task} tab={tab} />;
}

function KnownTask({ task, tab }: { readonly task: Task; readonly tab: string }) {
  const { events, fault } = useEvents(task.name);
  return (
    <article class="task-page">
      <div class="title">
        <a href="#/tasks" aria-label="All tasks">
          ←
        </a>
        <h1>{lastPart(task.name)}</h1>
        <small>{ownerOf(task.name)}</small>
        {task.displayName && <span class="display-name">{task.displayName}</span>}
        {Object.entries(task.labels).map(([key, value]) => (
          <span key={key} class="label">
            {key}={value}
          </span>
        ))}
        <span class="grow" />
        <TaskActions task={task} />
      </div>
      <WhyBox task={task} />
      <nav class="tabs" aria-label="Parts of the task">
        {tabs.map(([part, title]) => (
          <a
            key={part}
            href={taskHref(task.name, part)}
            aria-current={part === tab ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      {fault.value && <p class="fault">The history cannot be read: {fault.value}</p>}
      {tab === '' && <TaskOverview task={task} events={events.value} />}
      {tab === 'events' && <AllEvents events={events.value} />}
      {tab === 'log' && <LogTail task={task} />}
      {tab === 'dead-letters' && <DeadLetters task={task} />}
      {tab === 'executions' && <Executions task={task} />}
      {tab === 'definition' && <TaskDefinition task={task} />}
    </article>
  );
}

/** More rows than this make the page slow, and nobody reads them. */
const eventsMax = 500;

function AllEvents({ events }: { readonly events: readonly Event[] }) {
  const older = events.length - eventsMax;
  return (
    <>
      <EventTable events={events.slice(-eventsMax)} />
      {older > 0 && (
        <p>
          {older} older ones: <code>npx predictd tasks events</code>
        </p>
      )}
    </>
  );
}

/** What it does and, if it does not, why: the first thing to be read. */
function WhyBox({ task }: { readonly task: Task }) {
  const { status } = task;
  const { tone, reason, message } = whyOf(task);
  const restart = status?.nextRestartTime;
  const trouble = status?.lastError ?? '';
  const isNew = trouble !== '' && !trouble.endsWith(message);
  return (
    <div class={`why-box ground-${tone}`}>
      <StateMark state={stateOf(task)} />
      <p>
        <b>{reason}</b> {message} <small>for {age(status?.stateTime, now.value)}</small>
        {restart && ` Restarted in ${span(timestampMs(restart) - now.value)}.`}
        {isNew && (
          <>
            <br />
            <small>Last trouble: {trouble}</small>
          </>
        )}
      </p>
    </div>
  );
}
