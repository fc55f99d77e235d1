import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Event } from '../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../gen/ts/predictd/v1/task_pb.js';
import { formatDuration } from './duration.js';
import { lastPart } from './resource-name.js';
import { paint } from './table.js';
import {
  harmless,
  type Output,
  showsUnicode,
  type Terminal,
  takesColour,
  windowOf,
} from './terminal.js';
import { whyLine, whyOf } from './why.js';
import { shareDone, stateTone, stateWord } from './wording.js';

/** Shows a task while it changes. */
export interface Progress {
  show(task: Task, event?: Event): void;
  /** Says a sentence on stderr without spoiling what is shown. */
  note(text: string): void;
}

/** Shows tasks that come and go too. */
export interface TasksProgress extends Progress {
  remove(name: string): void;
  /** Nothing more comes. */
  end(): void;
}

/** A bar of `width` characters, full at 100. */
export function bar(done: number, width: number, unicode: boolean): string {
  const full = Math.floor((Math.min(100, Math.max(0, done)) / 100) * width);
  const [there, missing] = unicode ? ['█', '░'] : ['#', '.'];
  return there.repeat(full) + missing.repeat(width - full);
}

/** A line a change, for outputs that take no lines that move. Mere progress is told after `everyMs` at the earliest. */
export function changeLines(terminal: Terminal, output: Output, everyMs: number): TasksProgress {
  const shown = new Map<string, { state: string; at: number }>();
  return {
    show(task, event) {
      const now = terminal.now();
      const { status } = task;
      const state = `${status?.execution} ${status?.state} ${status && whyOf(status).reason}`;
      const before = shown.get(task.name);
      // A change of state is never left out; mere progress may be.
      if (before && before.state === state && now - before.at < everyMs) return;
      shown.set(task.name, { state, at: now });
      const line = `${lastPart(task.name)} ${stateWord(status?.state ?? 0)} ${statusLine(task, now)}`;
      const what = event?.message && !line.includes(event.message) ? ` | ${event.message}` : '';
      output.write(`${new Date(now).toISOString()} ${harmless(`${line}${what}`)}\n`);
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

/** A line for the one task that is shown, kept up to date on an output that is lively. */
export function liveLine(terminal: Terminal, output: Output): Progress {
  let line = '';
  let back = '';
  return {
    show(task) {
      line = `${lineOf(task, terminal, output)}\n`;
      output.write(`${back}\r\u001b[J${line}`);
      back = '\u001b[1A';
    },
    note(text) {
      output.write(`${back}\r\u001b[J`);
      terminal.stderr.write(`${text}\n`);
      output.write(line);
    },
  };
}

function lineOf(task: Task, { env, now }: Terminal, output: Output): string {
  const state = task.status?.state ?? 0;
  const name = harmless(lastPart(task.name));
  // A full bar where there was nothing to do yet would say that it is done.
  const percent = shareDone(task.status) === '' ? 0 : (task.status?.percentComplete ?? 0);
  const done = bar(percent, 20, showsUnicode(env));
  const word = stateWord(state);
  const rest = ` ${done} ${harmless(statusLine(task, now()))}`;
  // A line that wraps would not be overwritten.
  const room = Math.max(0, windowOf(output).columns - 1 - name.length - 1 - word.length);
  const painted = takesColour(output, env) ? paint(word, stateTone(state)) : word;
  return `${name} ${painted}${rest.slice(0, room)}`;
}

/** All that a line can tell about a task. */
function statusLine(task: Task, now: number): string {
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
    whyLine(status),
  ];
  return parts.filter((text) => text !== '').join(', ');
}
