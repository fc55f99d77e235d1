import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { ListDeadLettersResponseSchema } from '../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { confirm } from './confirm.js';
import { deadLetterView } from './dead-letter-view.js';
import { parseDuration } from './duration.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';
import { printJson, printList, printOne } from './output.js';
import { allPages } from './pages.js';
import { readFlag } from './read-flag.js';
import { lastPart, resourceName } from './resource-name.js';
import { wholeNumber } from './setting.js';

/** The largest page that the service gives. */
const pageSize = 100;
const limitDefault = '100';

/** Adds `dead-letters list`, `get`, `replay` and `purge`. */
export function addDeadLetterCommands(group: Command, shell: Shell): void {
  addList(group, shell);
  addGet(group, shell);
  addReplay(group, shell);
  addPurge(group, shell);
}

function addList(group: Command, shell: Shell): void {
  const command = group
    .command('list <task>')
    .summary('list records that could not be scored, oldest first')
    .option('--limit <n>', 'at most so many', limitDefault)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd dead-letters list iris\n' +
        '  predictd dead-letters list iris -o jsonl | jq -r .message | sort | uniq -c',
    );
  callsService<{ limit: string }>(shell, command, {
    action: ([task]) => `list the dead letters of task ${task}`,
    run: async ({ owner, service, call, sink, say }, [typed = ''], options) => {
      const limit = readFlag('--limit', options.limit, wholeNumber(1));
      const parent = resourceName(owner, 'tasks', typed);
      const items = await allPages(
        (pageToken) => service.deadLetters.listDeadLetters({ parent, pageSize, pageToken }, call),
        (page) => page.deadLetters,
        limit,
      );
      const whole = create(ListDeadLettersResponseSchema, { deadLetters: items });
      printList(sink, deadLetterView, { items, schema: ListDeadLettersResponseSchema, whole });
      if (items.length === 0) say('no dead letters');
      return exitCode.ok;
    },
  });
}

function addGet(group: Command, shell: Shell): void {
  const command = group
    .command('get <task> <place>')
    .summary('show one of them; its place is PARTITION-OFFSET')
    .addHelpText('after', '\nExample:\n  predictd dead-letters get iris 0-17 -o json');
  callsService(shell, command, {
    action: ([task, place]) => `get dead letter ${place} of task ${task}`,
    run: async ({ owner, service, call, sink }, [typed = '', place = '']) => {
      const name = nameOf(resourceName(owner, 'tasks', typed), place);
      const letter = await service.deadLetters.getDeadLetter({ name }, call);
      printOne(sink, deadLetterView, letter, 'pairs');
      return exitCode.ok;
    },
  });
}

function addReplay(group: Command, shell: Shell): void {
  const command = group
    .command('replay <task> [places...]')
    .summary('write them back to the source topic, none of them twice')
    .option('--all', 'all that were not replayed yet')
    .addHelpText(
      'after',
      '\nExamples:\n  predictd dead-letters replay iris --all\n' +
        '  predictd dead-letters replay iris 0-17 0-18',
    );
  callsService<{ all?: boolean }>(shell, command, {
    action: ([task]) => `replay dead letters of task ${task}`,
    run: async ({ owner, service, call, sink, say }, [typed = '', ...places], { all = false }) => {
      const parent = resourceName(owner, 'tasks', typed);
      if (all === places.length > 0) throw new CommandError('name dead letters, or give --all');
      const names = places.map((place) => nameOf(parent, place));
      const sum = { replayed: 0, alreadyReplayed: 0, unreplayable: 0 };
      for (let more = true; more; ) {
        const done = await service.deadLetters.replayDeadLetters({ parent, names, all }, call);
        sum.replayed += Number(done.replayedCount);
        sum.alreadyReplayed += Number(done.alreadyReplayedCount);
        sum.unreplayable += Number(done.unreplayableCount);
        more = done.more;
      }
      if (sink.format === 'table' || sink.format === 'name') sink.stdout.write(`${sum.replayed}\n`);
      else printJson(sink, sum);
      say(`replayed; ${sum.alreadyReplayed} had been before, ${sum.unreplayable} cannot be`);
      return exitCode.ok;
    },
  });
}

interface PurgeOptions {
  readonly olderThan?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

function addPurge(group: Command, shell: Shell): void {
  const command = group
    .command('purge <task>')
    .summary('delete them for good')
    .option('--older-than <duration>', 'those whose records are older, such as 24h or 30d')
    .option('--all', 'all that are there now')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n  predictd dead-letters purge iris --older-than 48h\n' +
        '  predictd dead-letters purge iris --all --yes',
    );
  callsService<PurgeOptions>(shell, command, {
    action: ([task]) => `purge dead letters of task ${task}`,
    run: async ({ owner, service, call, sink, say, terminal }, [typed = ''], options) => {
      const { olderThan, all = false, yes } = options;
      const parent = resourceName(owner, 'tasks', typed);
      if (all === (olderThan !== undefined)) throw new CommandError('give --older-than or --all');
      const before =
        olderThan === undefined
          ? {}
          : { before: timestampFromMs(terminal.now() - parseDuration(olderThan, '--older-than')) };
      if (!yes && !(await confirm(terminal, `Delete dead letters of ${typed} for good?`))) {
        throw new CommandError('not confirmed', { exitCode: exitCode.failed });
      }
      let purged = 0;
      for (let more = true; more; ) {
        const done = await service.deadLetters.purgeDeadLetters({ parent, all, ...before }, call);
        purged += Number(done.purgedCount);
        more = done.more;
      }
      if (sink.format === 'table' || sink.format === 'name') sink.stdout.write(`${purged}\n`);
      else printJson(sink, { purged });
      say('purged');
      return exitCode.ok;
    },
  });
}

function nameOf(task: string, place: string): string {
  return `${task}/deadLetters/${lastPart(place)}`;
}
