import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import {
  ListEventsResponseSchema,
  ListTasksResponseSchema,
  WhenFull,
} from '../../gen/ts/predictd/v1/task_service_pb.js';
import { confirm } from './confirm.js';
import { CommandError, exitCode } from './exit-code.js';
import { followExecution } from './follow-execution.js';
import { eventView, executionView } from './history-view.js';
import { callsService, type Shell } from './invocation.js';
import { printJson, printList, printOne } from './output.js';
import { allPages, pageSize } from './pages.js';
import { readFlag, readFlagIfGiven } from './read-flag.js';
import { resourceName } from './resource-name.js';
import { wholeNumber } from './setting.js';
import { ownedTaskView, taskView } from './task-view.js';

/** Adds `tasks get`, `list`, `start`, `stop`, `delete` and `events`. */
export function addTaskCommands(tasks: Command, shell: Shell): void {
  addGet(tasks, shell);
  addList(tasks, shell);
  addStart(tasks, shell);
  addStop(tasks, shell);
  addDelete(tasks, shell);
  addEvents(tasks, shell);
}

function addGet(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('get <name>')
    .summary('show a task with its status')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd tasks get iris\n' +
        '  predictd tasks get iris -o json | jq -r .status.state',
    );
  callsService(shell, command, {
    action: ([name]) => `get task ${name}`,
    run: async ({ owner, service, call, sink }, [typed = '']) => {
      const name = resourceName(owner, 'tasks', typed);
      printOne(sink, taskView, await service.tasks.getTask({ name }, call), 'pairs');
      return exitCode.ok;
    },
  });
}

interface ListOptions {
  readonly filter?: string;
  readonly orderBy?: string;
  readonly allUsers?: boolean;
  readonly limit?: string;
}

function addList(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('list')
    .summary('list tasks')
    .option('--filter <expression>', 'conditions joined by AND')
    .option('--order-by <fields>', 'name, create_time or update_time; add desc to reverse')
    .option('--all-users', 'tasks of all users that you may see')
    .option('--limit <n>', 'at most so many')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd tasks list\n' +
        `  predictd tasks list --filter 'state = RUNNING AND labels.team = "risk"'\n` +
        "  predictd tasks list --order-by 'create_time desc' --limit 10\n" +
        '  predictd tasks list -o name | xargs -n1 predictd tasks stop',
    );
  callsService<ListOptions>(shell, command, {
    action: () => 'list tasks',
    run: async ({ owner, service, call, sink, say }, _args, options) => {
      const request = {
        parent: options.allUsers ? 'users/-' : owner,
        pageSize,
        filter: options.filter ?? '',
        orderBy: options.orderBy ?? '',
      };
      const items = await allPages(
        (pageToken) => service.tasks.listTasks({ ...request, pageToken }, call),
        (page) => page.tasks,
        limitOf(options.limit),
      );
      const whole = create(ListTasksResponseSchema, { tasks: items });
      const view = options.allUsers ? ownedTaskView : taskView;
      printList(sink, view, { items, schema: ListTasksResponseSchema, whole });
      if (items.length === 0) say('no tasks; define one with: predictd tasks create NAME -f FILE');
      return exitCode.ok;
    },
  });
}

interface StartOptions {
  readonly wait?: boolean;
  readonly queue?: boolean;
  readonly refuse?: boolean;
}

function addStart(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('start <name>')
    .summary('start an execution')
    .option('--wait', 'return when the execution ended; exit code 7 if it FAILED')
    .option('--queue', 'wait in line if as many run as the service allows (default)')
    .option('--refuse', 'fail if as many run as the service allows')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd tasks start iris\n' +
        '  predictd tasks start iris --wait --timeout 10m\n' +
        '  predictd tasks start iris --wait -o json | jq .counters\n\n' +
        'With --wait, Ctrl-C and --timeout end the waiting, not the execution.',
    );
  callsService<StartOptions>(shell, command, {
    action: ([name]) => `start task ${name}`,
    run: async (invocation, [typed = ''], options) => {
      if (options.queue && options.refuse) {
        throw new CommandError('--queue and --refuse exclude each other');
      }
      const name = resourceName(invocation.owner, 'tasks', typed);
      const whenFull = options.refuse ? WhenFull.REFUSE : WhenFull.QUEUE;
      const { service, call, sink, say } = invocation;
      const started = await service.tasks.startTask({ name, whenFull }, call);
      if (options.wait) return followExecution(invocation, started);
      printOne(sink, executionView, started);
      say(`started; follow it with: predictd tasks watch ${typed}`);
      return exitCode.ok;
    },
  });
}

function addStop(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('stop <name>')
    .summary('stop a task, and wait until it has')
    .option('--force', 'end the runner at once instead of letting it finish its micro-batch')
    .addHelpText(
      'after',
      '\nNothing is lost or doubled either way. A task that is stopped already stays so: no error.\n' +
        '\nExamples:\n  predictd tasks stop iris\n  predictd tasks stop iris --force --timeout 10s',
    );
  callsService<{ force?: boolean }>(shell, command, {
    action: ([name]) => `stop task ${name}`,
    run: async ({ owner, service, call, sink, say }, [typed = ''], { force = false }) => {
      const name = resourceName(owner, 'tasks', typed);
      printOne(sink, taskView, await service.tasks.stopTask({ name, force }, call));
      say('stopped');
      return exitCode.ok;
    },
  });
}

function addDelete(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('delete <name>')
    .summary('delete a task with its history')
    .description(
      'Deletes a task, its executions and its events. A running one is stopped first.\n' +
        'On a terminal it asks first. A script, whose stdin is none, is not asked.',
    )
    .option('-y, --yes', 'do not ask')
    .option('--force', 'end a running execution at once')
    .option('--allow-missing', 'no error if there is no such task')
    .addHelpText(
      'after',
      '\nExamples:\n  predictd tasks delete iris\n  predictd tasks delete iris --yes',
    );
  callsService<{ yes?: boolean; force?: boolean; allowMissing?: boolean }>(shell, command, {
    action: ([name]) => `delete task ${name}`,
    run: async ({ owner, service, call, sink, say, terminal }, [typed = ''], options) => {
      const name = resourceName(owner, 'tasks', typed);
      const { yes, force = false, allowMissing = false } = options;
      if (!yes && !(await confirm(terminal, `Delete task ${typed} with its history?`))) {
        throw new CommandError('not confirmed', { exitCode: exitCode.failed });
      }
      await service.tasks.deleteTask({ name, force, allowMissing }, call);
      if (sink.format === 'name') sink.stdout.write(`${name}\n`);
      else if (sink.format !== 'table') printJson(sink, {});
      say(`deleted ${typed}`);
      return exitCode.ok;
    },
  });
}

function addEvents(tasks: Command, shell: Shell): void {
  const command = tasks
    .command('events <name>')
    .summary('show the history of a task')
    .option('--after <sequence>', 'only events with a greater sequence')
    .option('--limit <n>', 'at most so many')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd tasks events iris\n' +
        '  predictd tasks events iris -o jsonl | jq -r .reason',
    );
  callsService<{ after?: string; limit?: string }>(shell, command, {
    action: ([name]) => `list the events of task ${name}`,
    run: async ({ owner, service, call, sink }, [typed = ''], { after = '0', limit }) => {
      const parent = resourceName(owner, 'tasks', typed);
      const afterSequence = BigInt(readFlag('--after', after, wholeNumber(0)));
      const items = await allPages(
        (pageToken) =>
          service.tasks.listEvents({ parent, pageSize, pageToken, afterSequence }, call),
        (page) => page.events,
        limitOf(limit),
      );
      const whole = create(ListEventsResponseSchema, { events: items });
      printList(sink, eventView, { items, schema: ListEventsResponseSchema, whole });
      return exitCode.ok;
    },
  });
}

function limitOf(limit: string | undefined): number | undefined {
  return readFlagIfGiven('--limit', limit, wholeNumber(1));
}
