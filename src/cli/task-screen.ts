import type { Task } from '../../gen/ts/predictd/v1/task_pb.js';
import type { TasksProgress } from './progress.js';
import { boardLines } from './task-board.js';
import {
  harmless,
  type Output,
  showsUnicode,
  type Terminal,
  takesColour,
  windowOf,
} from './terminal.js';

/**
 * Tasks as a table over the whole terminal, drawn anew while they change and when the window does. It uses the
 * terminal's second screen, so that what stood there before is back at the end, and the last table below it.
 */
export function openTaskScreen(terminal: Terminal, output: Output): TasksProgress {
  const { env } = terminal;
  const tasks = new Map<string, Task>();
  let said = '';
  let due: NodeJS.Timeout | undefined;

  const lines = () => {
    const { columns, rows } = windowOf(output);
    return boardLines([...tasks.values()], {
      columns,
      rows: rows - 2,
      coloured: takesColour(output, env),
      unicode: showsUnicode(env),
      now: terminal.now(),
    });
  };
  const draw = () => {
    due = undefined;
    const all = [...lines(), '', harmless(said || 'Ctrl-C ends the watch, not the tasks')];
    // Each line overwrites the one before and clears only its rest: nothing flickers.
    output.write(
      `${hold}\u001b[H${all.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J${show}`,
    );
  };
  // A burst of changes is drawn once.
  const soon = () => {
    due ??= setTimeout(draw, DRAW_AFTER_MS);
  };
  const leave = () => {
    output.write('\u001b[?25h\u001b[?7h\u001b[?1049l');
  };
  output.write('\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[H\u001b[J');
  // What is left is worked off by the clock alone.
  const clock = setInterval(soon, 1_000);
  output.on?.('resize', draw);
  // However the process ends, the terminal is as it was.
  process.once('exit', leave);
  draw();
  return {
    show(task) {
      tasks.set(task.name, task);
      soon();
    },
    remove(name) {
      tasks.delete(name);
      soon();
    },
    note(text) {
      said = text;
      soon();
    },
    end() {
      clearTimeout(due);
      clearInterval(clock);
      output.off?.('resize', draw);
      process.off('exit', leave);
      leave();
      output.write(
        lines()
          .map((line) => `${line}\n`)
          .join(''),
      );
    },
  };
}

const DRAW_AFTER_MS = 100;
/** Terminals that know these show a picture only when it is whole; others ignore them. */
const hold = '\u001b[?2026h';
const show = '\u001b[?2026l';
