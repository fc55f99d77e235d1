import type { Command } from 'commander';
import {
  type WatchTasksResponse,
  WatchTasksResponseSchema,
} from '../../gen/ts/predictd/v1/task_service_pb.js';
import { type ExitCode, exitCode } from './exit-code.js';
import { callsService, type Invocation, type Shell, waitEnd } from './invocation.js';
import { printJson, toJson } from './output.js';
import { changeLines, type TasksProgress } from './progress.js';
import { resourceName } from './resource-name.js';
import { openTaskScreen } from './task-screen.js';
import { isLively } from './terminal.js';
import { watchTasks } from './watch.js';

/** Adds `watch`, to the program or to `tasks`. */
export function addWatchCommand(parent: Command, shell: Shell): void {
  const command = parent
    .command('watch [name]')
    .summary('show tasks while they change')
    .description(
      'Shows one task, or all, now and with every change: on a terminal as a table that is kept up to\n' +
        'date, elsewhere as the messages of WatchTasks, one a line, without the signs of life (-o jsonl).\n' +
        'With -o table elsewhere, and on a dumb terminal, it is a line a change for people. It ends when\n' +
        'the one task is deleted, or with Ctrl-C, which leaves the tasks alone. A broken connection is\n' +
        'made again, without a gap.',
    )
    .option('--all-users', 'tasks of all users that you may see')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd watch\n' +
        '  predictd tasks watch iris\n' +
        "  predictd tasks watch iris | jq -r '.change.event.reason // empty'",
    );
  callsService<{ allUsers?: boolean }>(shell, command, {
    action: ([name]) => (name === undefined ? 'watch tasks' : `watch task ${name}`),
    run: (invocation, [typed], { allUsers }) => {
      const { owner } = invocation;
      if (typed !== undefined)
        return watch(invocation, { name: resourceName(owner, 'tasks', typed) });
      return watch(invocation, { parent: allUsers ? 'users/-' : owner });
    },
  });
}

async function watch(
  invocation: Invocation,
  target: { name: string } | { parent: string },
): Promise<ExitCode> {
  const { service, signal, say } = invocation;
  const { until, timeIsUp } = waitEnd(invocation);
  const { show, note, end } = outlet(invocation);
  const changes = watchTasks({ tasks: service.tasks, target, signal: until, note });
  let failure: unknown;
  try {
    for await (const response of changes) {
      show(response);
      if ('name' in target && response.kind.case === 'deleted') break;
    }
  } catch (error) {
    failure = error;
  }
  end();
  if (signal.aborted) say('stopped watching; the tasks go on');
  // Whoever sets a time for a watch wants it to end then.
  if (failure === undefined || timeIsUp()) return exitCode.ok;
  throw failure;
}

/** Where what is watched goes. */
interface Outlet {
  readonly show: Show;
  readonly note: (text: string) => void;
  readonly end: () => void;
}

function outlet(invocation: Invocation): Outlet {
  const { terminal, sink, formatGiven, say } = invocation;
  const { stdout } = terminal;
  const forScripts = sink.format !== 'table' || (!formatGiven && stdout.isTTY !== true);
  if (forScripts) return { show: printer(invocation), note: say, end: () => {} };
  const progress = isLively(stdout, terminal.env)
    ? openTaskScreen(terminal, stdout)
    : changeLines(terminal, stdout, 0);
  return { show: shower(progress), note: progress.note, end: progress.end };
}

type Show = (response: WatchTasksResponse) => void;

function printer({ sink }: Invocation): Show {
  const { stdout } = sink;
  return (response) => {
    if (response.kind.case === 'heartbeat') return;
    const json = toJson(WatchTasksResponseSchema, response);
    if (sink.format === 'yaml') {
      stdout.write('---\n');
      printJson(sink, json);
    } else if (sink.format === 'name') {
      const name = nameOf(response);
      if (name !== '') stdout.write(`${name}\n`);
    } else {
      printJson({ stdout, format: 'jsonl' }, json);
    }
  };
}

function nameOf({ kind }: WatchTasksResponse): string {
  if (kind.case === 'snapshot') return kind.value.name;
  if (kind.case === 'change') return kind.value.task?.name ?? '';
  return kind.case === 'deleted' ? kind.value : '';
}

/** Shows tasks to people. What a new snapshot lacks was deleted while nobody told. */
function shower(progress: TasksProgress): Show {
  const known = new Set<string>();
  let snapshot = new Set<string>();
  return ({ kind }) => {
    if (kind.case === 'snapshot') {
      known.add(kind.value.name);
      snapshot.add(kind.value.name);
      progress.show(kind.value);
    } else if (kind.case === 'snapshotEnd') {
      const gone = [...known].filter((name) => !snapshot.has(name));
      for (const name of gone) drop(name);
      snapshot = new Set();
    } else if (kind.case === 'change' && kind.value.task) {
      known.add(kind.value.task.name);
      progress.show(kind.value.task, kind.value.event);
    } else if (kind.case === 'deleted') {
      drop(kind.value);
    }
  };

  function drop(name: string): void {
    known.delete(name);
    progress.remove(name);
  }
}
