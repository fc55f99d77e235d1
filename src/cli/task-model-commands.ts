import type { CallOptions, Client } from '@connectrpc/connect';
import type { Command } from 'commander';
import { ModelUpdateState, type Task } from '../../gen/ts/predictd/v1/task_pb.js';
import type { TaskService } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { CommandError, type ExitCode, exitCode } from './exit-code.js';
import { callsService, type Invocation, type Shell, waitEnd } from './invocation.js';
import { printOne } from './output.js';
import { lastPart, resourceName } from './resource-name.js';
import { updateLine } from './scoring-view.js';
import { taskView } from './task-view.js';
import { watchTask } from './watch.js';

/** A way to change which models score. */
interface Change {
  readonly usage: string;
  readonly summary: string;
  readonly description?: string;
  readonly examples: readonly string[];
  /** Continues "cannot". */
  readonly action: (task: string | undefined, model: string | undefined) => string;
  readonly call: (
    tasks: Client<typeof TaskService>,
    request: { readonly name: string; readonly model: string; readonly etag: string },
    options: CallOptions,
  ) => Promise<Task>;
}

const changes: readonly Change[] = [
  {
    usage: 'swap-model <name> <model>',
    summary: 'replace the model of a task, also while it runs',
    description:
      'Replaces the model that scores. A running task goes on: each partition changes over between two\n' +
      'micro-batches, once the new model was tried out and warmed up beside the old one. One that\n' +
      'cannot be used leaves the old one at work.',
    examples: [
      'predictd tasks swap-model iris iris-2 --wait',
      'predictd tasks get iris -o json | jq .status.models',
    ],
    action: (task, model) => `swap the model of task ${task} for ${model}`,
    call: (tasks, request, options) => tasks.swapModel(request, options),
  },
  {
    usage: 'rollback-model <name>',
    summary: 'go back to the model before',
    description:
      'Undoes the newest swap: one that is under way or blocked is given up, else the model before\n' +
      'takes the place of the active one.',
    examples: ['predictd tasks rollback-model iris --wait'],
    action: (task) => `roll back the model of task ${task}`,
    call: (tasks, { name, etag }, options) => tasks.rollbackModel({ name, etag }, options),
  },
  {
    usage: 'shadow-model <name> <model>',
    summary: 'compare a model with the one that scores',
    description:
      'Lets a second model score every micro-batch beside the active one. Nothing of it is written;\n' +
      '`tasks get` shows how far the two differ.',
    examples: [
      'predictd tasks shadow-model iris iris-2',
      'predictd tasks get iris -o json | jq .status.models.shadow',
    ],
    action: (task, model) => `compare ${model} with the model of task ${task}`,
    call: (tasks, request, options) => tasks.shadowModel(request, options),
  },
  {
    usage: 'promote-shadow <name>',
    summary: 'make the shadow the model that scores',
    examples: ['predictd tasks promote-shadow iris --wait'],
    action: (task) => `promote the shadow of task ${task}`,
    call: (tasks, { name, etag }, options) => tasks.promoteShadow({ name, etag }, options),
  },
  {
    usage: 'drop-shadow <name>',
    summary: 'end the comparison with a shadow',
    examples: ['predictd tasks drop-shadow iris'],
    action: (task) => `drop the shadow of task ${task}`,
    call: (tasks, { name, etag }, options) => tasks.dropShadow({ name, etag }, options),
  },
];

/** Adds `tasks swap-model`, `rollback-model`, `shadow-model`, `promote-shadow` and `drop-shadow`. */
export function addTaskModelCommands(tasks: Command, shell: Shell): void {
  for (const change of changes) addChange(tasks, shell, change);
}

function addChange(tasks: Command, shell: Shell, change: Change): void {
  const command = tasks
    .command(change.usage)
    .summary(change.summary)
    .option('--etag <etag>', 'only if this is the etag of the task')
    .option('--wait', 'return when the change took place; exit code 1 if it is blocked')
    .addHelpText('after', `\nExamples:\n${change.examples.map((line) => `  ${line}`).join('\n')}`);
  if (change.description) command.description(change.description);
  callsService<{ etag?: string; wait?: boolean }>(shell, command, {
    action: ([name, model]) => change.action(name, model),
    run: async (invocation, [typed = '', model = ''], { etag = '', wait = false }) => {
      const { owner, service, call } = invocation;
      const name = resourceName(owner, 'tasks', typed);
      const changed = await change.call(service.tasks, { name, model, etag }, call);
      return show(invocation, wait ? await afterUpdate(invocation, changed) : changed);
    },
  });
}

function show({ sink, say }: Invocation, task: Task): ExitCode {
  printOne(sink, taskView, task, 'pairs');
  const update = task.status?.models?.update;
  if (update === undefined) return exitCode.ok;
  say(updateLine(update));
  return update.state === ModelUpdateState.BLOCKED ? exitCode.failed : exitCode.ok;
}

/** The task once its change took place or is blocked. Leaving early leaves the change alone. */
async function afterUpdate(invocation: Invocation, changed: Task): Promise<Task> {
  const { service, signal, say } = invocation;
  const { name } = changed;
  const { until, timeIsUp } = waitEnd(invocation);
  const watch = { tasks: service.tasks, signal: until, note: say };
  try {
    for await (const { task } of watchTask(name, watch)) {
      if (!isUnderWay(task)) return task;
    }
  } catch (error) {
    if (signal.aborted) say('stopped waiting; the change goes on');
    else if (timeIsUp()) throw stillUnderWay(name);
    throw error;
  }
  return changed;
}

function isUnderWay({ status }: Task): boolean {
  return status?.models?.update?.state === ModelUpdateState.LOADING;
}

function stillUnderWay(name: string): CommandError {
  const message = `the change of the models of task ${lastPart(name)} was under way when the time was up`;
  return new CommandError(message, {
    exitCode: exitCode.unavailable,
    hint: 'it goes on; give it longer with --timeout, or leave --wait out',
  });
}
