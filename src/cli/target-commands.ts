import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { ListTargetsResponseSchema } from '../../gen/ts/predictd/v1/target_service_pb.js';
import { confirm } from './confirm.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';
import { printJson, printList, printOne } from './output.js';
import { allPages, pageSize } from './pages.js';
import { readInput } from './read-input.js';
import { lastPart, targetName } from './resource-name.js';
import { targetView } from './target-view.js';
import { parseTaskFile, taskFileBytesMax } from './task-file.js';

/** Adds `targets create`, `list`, `get` and `delete`. */
export function addTargetCommands(targets: Command, shell: Shell): void {
  addCreate(targets, shell);
  addList(targets, shell);
  addGet(targets, shell);
  addDelete(targets, shell);
}

function addCreate(targets: Command, shell: Shell): void {
  const command = targets
    .command('create <name>')
    .summary('make a target from a task file')
    .description(
      "Makes a target. Its id is the targetId of KandaSearch's clients. The tasks that they make\n" +
        'are yours, or those of --user, and score with the models of the same user.',
    )
    .requiredOption('-f, --file <file>', 'the definition, YAML or JSON; - is stdin')
    .addHelpText(
      'after',
      '\nExample:\n  predictd targets create iris -f iris.yaml -o json | jq .id',
    );
  callsService<{ file: string }>(shell, command, {
    action: ([name]) => `create target ${name}`,
    run: async ({ owner, service, call, sink, say, terminal }, [typed = ''], { file }) => {
      const targetId = lastPart(targetName(typed));
      const text = await readInput(terminal, file, taskFileBytesMax);
      const { task } = parseTaskFile(text, file === '-' ? 'stdin' : file);
      const { displayName, labels, spec } = task;
      const target = { owner, displayName, labels, ...(spec ? { spec } : {}) };
      const made = await service.targets.createTarget({ targetId, target }, call);
      printOne(sink, targetView, made);
      say(`made; its targetId is ${made.id}`);
      return exitCode.ok;
    },
  });
}

function addList(targets: Command, shell: Shell): void {
  const command = targets
    .command('list')
    .summary('list targets')
    .addHelpText('after', '\nExample:\n  predictd targets list');
  callsService(shell, command, {
    action: () => 'list targets',
    run: async ({ service, call, sink, say }) => {
      const items = await allPages(
        (pageToken) => service.targets.listTargets({ pageSize, pageToken }, call),
        (page) => page.targets,
      );
      const whole = create(ListTargetsResponseSchema, { targets: items });
      printList(sink, targetView, { items, schema: ListTargetsResponseSchema, whole });
      if (items.length === 0)
        say('no targets; make one with: predictd targets create NAME -f FILE');
      return exitCode.ok;
    },
  });
}

function addGet(targets: Command, shell: Shell): void {
  const command = targets
    .command('get <name>')
    .summary('show a target')
    .addHelpText('after', '\nExample:\n  predictd targets get iris -o yaml');
  callsService(shell, command, {
    action: ([name]) => `get target ${name}`,
    run: async ({ service, call, sink }, [typed = '']) => {
      const name = targetName(typed);
      printOne(sink, targetView, await service.targets.getTarget({ name }, call), 'pairs');
      return exitCode.ok;
    },
  });
}

function addDelete(targets: Command, shell: Shell): void {
  const command = targets
    .command('delete <name>')
    .summary('delete a target; its tasks stay')
    .description('Deletes a target. On a terminal it asks first. A script is not asked.')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  predictd targets delete iris --yes');
  callsService<{ yes?: boolean }>(shell, command, {
    action: ([name]) => `delete target ${name}`,
    run: async ({ service, call, sink, say, terminal }, [typed = ''], { yes }) => {
      const name = targetName(typed);
      if (!yes && !(await confirm(terminal, `Delete target ${typed}?`))) {
        throw new CommandError('not confirmed', { exitCode: exitCode.failed });
      }
      await service.targets.deleteTarget({ name }, call);
      if (sink.format === 'name') sink.stdout.write(`${name}\n`);
      else if (sink.format !== 'table') printJson(sink, {});
      say(`deleted ${typed}`);
      return exitCode.ok;
    },
  });
}
