import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { ListExecutionsResponseSchema } from '../../gen/ts/predictd/v1/execution_service_pb.js';
import { executionNumber } from './execution-number.js';
import { exitCode } from './exit-code.js';
import { executionView } from './history-view.js';
import { callsService, type Shell } from './invocation.js';
import { printList, printOne } from './output.js';
import { allPages, pageSize } from './pages.js';
import { resourceName } from './resource-name.js';

/** Adds `executions list` and `get`. */
export function addExecutionCommands(executions: Command, shell: Shell): void {
  addList(executions, shell);
  addGet(executions, shell);
}

function addList(executions: Command, shell: Shell): void {
  const command = executions
    .command('list <task>')
    .summary('list the runs of a task, newest first')
    .addHelpText('after', '\nExample:\n  predictd executions list iris');
  callsService(shell, command, {
    action: ([task]) => `list the executions of task ${task}`,
    run: async ({ owner, service, call, sink, say }, [typed = '']) => {
      const parent = resourceName(owner, 'tasks', typed);
      const items = await allPages(
        (pageToken) => service.executions.listExecutions({ parent, pageSize, pageToken }, call),
        (page) => page.executions,
      );
      const whole = create(ListExecutionsResponseSchema, { executions: items });
      printList(sink, executionView, { items, schema: ListExecutionsResponseSchema, whole });
      if (items.length === 0) say(`it never ran; start it with: predictd tasks start ${typed}`);
      return exitCode.ok;
    },
  });
}

function addGet(executions: Command, shell: Shell): void {
  const command = executions
    .command('get <task> <number>')
    .summary('show one run of a task; - is the newest')
    .addHelpText(
      'after',
      '\nExamples:\n  predictd executions get iris 3\n  predictd executions get iris - -o json',
    );
  callsService(shell, command, {
    action: ([task, number]) => `get execution ${number} of task ${task}`,
    run: async ({ owner, service, call, sink }, [typed = '', number = '']) => {
      const task = resourceName(owner, 'tasks', typed);
      const name = `${task}/executions/${executionNumber(number)}`;
      printOne(sink, executionView, await service.executions.getExecution({ name }, call), 'pairs');
      return exitCode.ok;
    },
  });
}
