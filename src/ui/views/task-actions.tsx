import { type Task, Until } from '../../../gen/ts/predictd/v1/task_pb.js';
import { deleteTask, startTask, stopTask } from '../api/actions.js';
import { lagOf } from '../api/lag.js';
import { mayAct } from '../api/session.js';
import type { Question } from '../components/ask.js';
import { useDeeds } from '../components/use-deed.js';
import { go } from '../router.js';
import { count, lastPart } from '../words.js';
import { predictorOf } from './task-order.js';
import { isStopped } from './why.js';

/** What can be done to a task. Each says first what will happen. */
export function TaskActions({ task }: { readonly task: Task }) {
  const { doing, run } = useDeeds();
  if (!mayAct()) return null;
  const { name, etag } = task;
  const id = lastPart(name);
  const isBusy = doing.value !== '';
  const start = async () => {
    await startTask(name);
    return `${id} was started.`;
  };
  const stop = async () => {
    await stopTask(name);
    return `${id} stopped.`;
  };
  const remove = async () => {
    await deleteTask(name, etag);
    go('#/tasks');
    return `${id} was deleted.`;
  };
  return (
    <div class="actions">
      {isStopped(task) ? (
        <button
          type="button"
          class="primary"
          disabled={isBusy}
          onClick={() => run(starting(task), start)}
        >
          {doing.value === 'Start' ? 'Starting…' : 'Start…'}
        </button>
      ) : (
        <button type="button" disabled={isBusy} onClick={() => run(stopping(task), stop)}>
          {doing.value === 'Stop' ? 'Stopping…' : 'Stop…'}
        </button>
      )}
      <button
        type="button"
        class="danger"
        disabled={isBusy}
        onClick={() => run(deleting(task), remove)}
      >
        Delete…
      </button>
    </div>
  );
}

function starting(task: Task): Question {
  const { spec, status } = task;
  const begins = status?.execution
    ? 'It goes on behind the last record that was committed.'
    : 'It has no committed offset unless its consumer group is older than it.';
  const ends =
    spec?.until === Until.END
      ? 'It ends by itself at the end of the topic as that is now.'
      : 'It runs until it is stopped, also after a restart of the service.';
  return {
    title: `Start ${lastPart(task.name)}?`,
    text: (
      <ul>
        <li>
          A new execution reads <code>{spec?.source?.topic}</code>, scores with{' '}
          <code>{predictorOf(task)}</code> and writes <code>{spec?.sink?.topic}</code>.
        </li>
        <li>{begins}</li>
        <li>{ends}</li>
        <li>If as many executions run as the service allows, it waits in the queue.</li>
      </ul>
    ),
    action: 'Start',
  };
}

function stopping(task: Task): Question {
  return {
    title: `Stop ${lastPart(task.name)}?`,
    text: (
      <ul>
        <li>Its runner finishes the micro-batch that it has, commits it, and ends.</li>
        <li>Nothing is lost and nothing is doubled: a later start goes on behind it.</li>
        <li>{waiting(lagOf(task.status))}</li>
      </ul>
    ),
    action: 'Stop',
  };
}

function waiting(lag: bigint | undefined): string {
  if (lag === undefined) return 'How many records wait is not known yet.';
  if (lag === 0n) return 'No record waits at the moment.';
  return `${count(lag)} records wait and stay unread until then.`;
}

function deleting(task: Task): Question {
  const isRunning = !isStopped(task);
  return {
    title: `Delete ${lastPart(task.name)}?`,
    text: (
      <ul>
        {isRunning && <li>It runs. It is stopped first.</li>}
        <li>Its definition, executions, events and logs are gone for good.</li>
        <li>Its topics, predictions, dead letters and the model stay.</li>
      </ul>
    ),
    action: 'Delete',
    isDanger: true,
  };
}
