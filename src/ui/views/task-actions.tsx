import { useSignal } from '@preact/signals';
import { type Task, Until } from '../../../gen/ts/predictd/v1/task_pb.js';
import { startTask, stopTask } from '../api/actions.js';
import { tasks } from '../api/clients.js';
import { failureText } from '../api/failure.js';
import { mayAct } from '../api/session.js';
import { ask, type Question } from '../components/ask.js';
import { announce } from '../components/notice.js';
import { go } from '../router.js';
import { count, isOver, lastPart } from '../words.js';
import { predictorOf, stateOf } from './task-order.js';

/** What can be done to a task. Each says first what will happen. */
export function TaskActions({ task }: { readonly task: Task }) {
  const busy = useSignal('');
  if (!mayAct()) return null;
  const id = lastPart(task.name);
  const run = async (question: Question, work: () => Promise<unknown>, done: string) => {
    if (!(await ask(question))) return;
    busy.value = question.action;
    try {
      await work();
      announce(`${id} ${done}.`);
    } catch (error) {
      announce(`${id}: ${failureText(error)}`, true);
    } finally {
      busy.value = '';
    }
  };
  const isRunning = !isOver(stateOf(task));
  return (
    <div class="actions">
      {isRunning ? (
        <button
          type="button"
          disabled={busy.value !== ''}
          onClick={() => run(stopping(task), () => stopTask(task.name), 'stopped')}
        >
          {busy.value === 'Stop' ? 'Stopping…' : 'Stop…'}
        </button>
      ) : (
        <button
          type="button"
          class="primary"
          disabled={busy.value !== ''}
          onClick={() => run(starting(task), () => startTask(task.name), 'was started')}
        >
          {busy.value === 'Start' ? 'Starting…' : 'Start…'}
        </button>
      )}
      <button
        type="button"
        class="danger"
        disabled={busy.value !== ''}
        onClick={() =>
          run(
            deleting(task),
            async () => {
              await tasks.deleteTask({ name: task.name, etag: task.etag });
              go('#/tasks');
            },
            'was deleted',
          )
        }
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
  const lag = task.status?.lag ?? 0n;
  return {
    title: `Stop ${lastPart(task.name)}?`,
    text: (
      <ul>
        <li>Its runner finishes the micro-batch that it has, commits it, and ends.</li>
        <li>Nothing is lost and nothing is doubled: a later start goes on behind it.</li>
        <li>
          {lag > 0n
            ? `${count(lag)} records wait and stay unread until then.`
            : 'No record waits at the moment.'}
        </li>
      </ul>
    ),
    action: 'Stop',
  };
}

function deleting(task: Task): Question {
  const isRunning = !isOver(stateOf(task));
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
