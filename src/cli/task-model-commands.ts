import type { Command } from 'commander';
import { ModelUpdateState, type Task, type TaskStatus } from '../../gen/ts/predictd/v1/task_pb.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Invocation, type Shell } from './invocation.js';
import { printOne } from './output.js';
import { resourceName } from './resource-name.js';
import { taskView } from './task-view.js';

/** Adds `tasks swap-model`, `rollback-model`, `shadow-model`, `promote-shadow` and `drop-shadow`. */
export function addTaskModelCommands(tasks: Command, shell: Shell): void {
  add(tasks, shell, {
    usage: 'swap-model <name> <model>',
    summary: 'replace the model of a task, also while it runs',
    more:
      'The new model is tried out and loaded beside the old one; then each partition changes over\n' +
      'between two micro-batches. One that cannot be used leaves the old one running.',
    example: 'predictd tasks swap-model iris iris-2 --wait',
    call: ({ service, call }, name, model) => service.tasks.swapModel({ name, model }, call),
  });
  add(tasks, shell, {
    usage: 'rollback-model <name>',
    summary: 'undo the newest swap of a model',
    more: 'A swap that is under way or blocked is given up; otherwise the model before comes back.',
    example: 'predictd tasks rollback-model iris',
    call: ({ service, call }, name) => service.tasks.rollbackModel({ name }, call),
  });
  add(tasks, shell, {
    usage: 'shadow-model <name> <model>',
    summary: 'compare a model with the active one, writing nothing of it',
    more: 'It scores every micro-batch too. "tasks get" shows how many records differ, and how far.',
    example: 'predictd tasks shadow-model iris iris-2',
    call: ({ service, call }, name, model) => service.tasks.shadowModel({ name, model }, call),
  });
  add(tasks, shell, {
    usage: 'promote-shadow <name>',
    summary: 'make the shadow the active model',
    more: 'It is loaded already: each partition changes over with its next micro-batch.',
    example: 'predictd tasks promote-shadow iris',
    call: ({ service, call }, name) => service.tasks.promoteShadow({ name }, call),
  });
  add(tasks, shell, {
    usage: 'drop-shadow <name>',
    summary: 'end the shadow',
    more: 'A task without a shadow stays as it is: no error.',
    example: 'predictd tasks drop-shadow iris',
    call: ({ service, call }, name) => service.tasks.dropShadow({ name }, call),
  });
}

interface ModelCommand {
  readonly usage: string;
  readonly summary: string;
  readonly more: string;
  readonly example: string;
  readonly call: (invocation: Invocation, name: string, model: string) => Promise<Task>;
}

function add(tasks: Command, shell: Shell, own: ModelCommand): void {
  const [verb = ''] = own.usage.split(' ');
  const command = tasks
    .command(own.usage)
    .summary(own.summary)
    .option('--wait', 'return when it is so; exit code 1 if the model cannot be used')
    .addHelpText('after', `\n${own.more}\n\nExample:\n  ${own.example}`);
  callsService<{ wait?: boolean }>(shell, command, {
    action: ([name]) => `${verb} of task ${name}`,
    run: async (invocation, [typed = '', model = ''], { wait }) => {
      const name = resourceName(invocation.owner, 'tasks', typed);
      const asked = await own.call(invocation, name, model);
      const task = wait ? await settled(invocation, asked) : asked;
      printOne(invocation.sink, taskView, task);
      invocation.say(told(task.status));
      return exitCode.ok;
    },
  });
}

/** Watches the task until no change of models is under way. */
async function settled({ service, call }: Invocation, asked: Task): Promise<Task> {
  if (!isUnderWay(asked)) return asked;
  for await (const { kind } of service.tasks.watchTasks({ name: asked.name }, call)) {
    const task = kind.case === 'snapshot' ? kind.value : undefined;
    const seen = kind.case === 'change' ? kind.value.task : task;
    if (!seen || isUnderWay(seen)) continue;
    const update = seen.status?.models?.update;
    if (update)
      throw new CommandError(`${update.reason}: ${update.message}`, { exitCode: exitCode.failed });
    return seen;
  }
  throw new CommandError('the watch ended before the model was changed', {
    exitCode: exitCode.unavailable,
  });
}

function isUnderWay({ status }: Task): boolean {
  return status?.models?.update?.state === ModelUpdateState.LOADING;
}

function told(status: TaskStatus | undefined): string {
  const { active, shadow, update } = status?.models ?? {};
  if (update) return `${update.reason.toLowerCase()}: ${update.message}`;
  const beside = shadow?.model ? `, ${shadow.model.model} beside it` : '';
  return `${active?.model ?? 'no model'} scores${beside}`;
}
