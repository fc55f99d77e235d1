import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { Question } from '../components/ask.js';
import { isOver, lastPart } from '../words.js';
import { stateOf } from './task-order.js';

/** What a swap will do. */
export function swapping(task: Task, model: string): Question {
  return {
    title: `Swap ${lastPart(task.name)} to ${lastPart(model)}?`,
    text: changeOver(task, model),
    action: 'Swap',
  };
}

/** What a shadow will do. */
export function shadowing(task: Task, model: string): Question {
  return {
    title: `Let ${lastPart(model)} score beside?`,
    text: (
      <ul>
        <li>
          It scores every micro-batch that {lastPart(task.name)} scores; nothing of it is written.
        </li>
        <li>How often and how far the two differ is shown here.</li>
        <li>A shadow that fails or makes the stream slow is dropped by itself.</li>
      </ul>
    ),
    action: 'Shadow',
  };
}

/** What a promotion will do. */
export function promoting(task: Task): Question {
  const model = task.status?.models?.shadow?.model?.model ?? '';
  return {
    title: `Promote ${lastPart(model)}?`,
    text: changeOver(task, model),
    action: 'Promote',
  };
}

/** What the end of a shadow will do. */
export function dropping(task: Task): Question {
  const model = task.status?.models?.shadow?.model?.model ?? '';
  return {
    title: `Drop the shadow ${lastPart(model)}?`,
    text: <p>It scores no more, and its figures are gone. What is written does not change.</p>,
    action: 'Drop',
  };
}

/** What a rollback will do. */
export function rollingBack(task: Task): Question {
  const { update, previous } = task.status?.models ?? {};
  const isPending = update !== undefined;
  const before = previous?.model ?? '';
  return {
    title: isPending ? 'Give the change up?' : `Roll back to ${lastPart(before)}?`,
    text: isPending ? (
      <p>The change that was asked for is given up, and the model that scores goes on.</p>
    ) : (
      changeOver(task, before)
    ),
    action: 'Roll back',
  };
}

function changeOver(task: Task, model: string) {
  const active = lastPart(task.status?.models?.active?.model ?? '');
  if (isOver(stateOf(task))) {
    return (
      <p>
        Nothing runs. The next execution begins with <code>{lastPart(model)}</code> instead of{' '}
        <code>{active}</code>.
      </p>
    );
  }
  return (
    <ul>
      <li>
        <code>{lastPart(model)}</code> is tried out in a process of its own, then loaded and warmed
        up beside <code>{active}</code>.
      </li>
      <li>Then each partition changes over between two micro-batches. Nothing stops.</li>
      <li>No record is lost, and none is predicted twice into the sink.</li>
      <li>
        If it turns out to be unusable, <code>{active}</code> goes on and the reason is shown.
      </li>
    </ul>
  );
}
