import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Event } from '../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../gen/ts/predictd/v1/task_pb.js';
import { formatDuration } from './duration.js';
import { lastPart } from './resource-name.js';
import { paint } from './table.js';
import {
  harmless,
  isLively,
  type Output,
  showsUnicode,
  type Terminal,
  takesColour,
} from './terminal.js';
import { shareDone, stateTone, stateWord } from './wording.js';

/** Shows tasks while they change. */
export interface Progress {
  show(task: Task, event?: Event): void;
  remove(name: string): void;
  /** Says a sentence on stderr without spoiling the lines. */
  note(text: string): void;
  /** Nothing more comes. */
  end(): void;
}

/** One line for each task that is kept up to date, or one line a change if the output cannot do that. */
export function createProgress(
  terminal: Terminal,
  output: Output,
  about: { everyMs: number },
): Progress {
  if (isLively(output, terminal.env)) return liveLines(terminal, output);
  return changeLines(terminal, output, about.everyMs);
}

/** A bar of `width` characters, full at 100. */
export function bar(done: number, width: number, unicode: boolean): string {
  const full = Math.floor((Math.min(100, Math.max(0, done)) / 100) * width);
  const [there, missing] = unicode ? ['█', '░'] : ['#', '.'];
  return there.repeat(full) + missing.repeat(width - full);
}

/** All that a line can tell about a task. */
export function statusLine(task: Task, now: number): string {
  const { status } = task;
  if (status === undefined || status.execution === '') return 'has not run yet';
  const { counters } = status;
  const odd = [
    counters?.recordsDeadLettered ? `${counters.recordsDeadLettered} dead-lettered` : '',
    counters?.recordsSkipped ? `${counters.recordsSkipped} skipped` : '',
    status.restartCount > 0 ? `${status.restartCount} restarts` : '',
  ];
  const end = status.estimatedEndTime;
  const parts = [
    shareDone(status),
    `${counters?.recordsIn ?? 0} in`,
    `${counters?.recordsOut ?? 0} out`,
    ...odd,
    `lag ${status.lag}`,
    status.recordsPerSecond > 0 ? `${Math.round(status.recordsPerSecond)}/s` : '',
    end && timestampMs(end) > now ? `${formatDuration(timestampMs(end) - now)} left` : '',
    status.reason,
  ];
  return parts.filter((text) => text !== '').join(', ');
}

function changeLines(terminal: Terminal, output: Output, everyMs: number): Progress {
  const shown = new Map<string, { state: string; at: number }>();
  return {
    show(task, event) {
      const now = terminal.now();
      const state = `${task.status?.execution} ${task.status?.state} ${task.status?.reason}`;
      const before = shown.get(task.name);
      // A change of state is never left out; mere progress may be.
      if (before && before.state === state && now - before.at < everyMs) return;
      shown.set(task.name, { state, at: now });
      const word = stateWord(task.status?.state ?? 0);
      const what = event?.message ? ` | ${event.message}` : '';
      const line = `${lastPart(task.name)} ${word} ${statusLine(task, now)}${what}`;
      output.write(`${new Date(now).toISOString()} ${harmless(line)}\n`);
    },
    remove(name) {
      shown.delete(name);
      output.write(
        `${new Date(terminal.now()).toISOString()} ${harmless(lastPart(name))} DELETED\n`,
      );
    },
    note: (text) => terminal.stderr.write(`${text}\n`),
    end: () => {},
  };
}

function liveLines(terminal: Terminal, output: Output): Progress {
  const tasks = new Map<string, Task>();
  let height = 0;
  const up = () => (height > 0 ? `\u001b[${height}A` : '');
  const draw = () => {
    const room = Math.max(1, (output.rows ?? 24) - 2);
    const all = [...tasks.values()];
    const lines = all.slice(0, room).map((task) => liveLine(task, terminal, output));
    if (all.length > room) lines.push(`and ${all.length - room} more`);
    // Clears to the end of the screen: lines of tasks that are gone do not stay.
    output.write(`${up()}\r\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    height = lines.length;
  };
  return {
    show(task) {
      tasks.set(task.name, task);
      draw();
    },
    remove(name) {
      tasks.delete(name);
      draw();
    },
    note(text) {
      output.write(`${up()}\r\u001b[J`);
      height = 0;
      terminal.stderr.write(`${text}\n`);
      draw();
    },
    end: () => {},
  };
}

function liveLine(task: Task, { env, now }: Terminal, output: Output): string {
  const state = task.status?.state ?? 0;
  const name = harmless(lastPart(task.name));
  const done = bar(task.status?.percentComplete ?? 0, 20, showsUnicode(env));
  const word = stateWord(state);
  const rest = ` ${done} ${harmless(statusLine(task, now()))}`;
  // A line that wraps would not be overwritten.
  const room = Math.max(0, (output.columns ?? 80) - 1 - name.length - 1 - word.length);
  const painted = takesColour(output, env) ? paint(word, stateTone(state)) : word;
  return `${name} ${painted}${rest.slice(0, room)}`;
}
