import { EventEmitter } from 'node:events';
import type { Output, Terminal } from '../../src/cli/terminal.js';
import type { Environment } from '../../src/config.js';

/** A terminal in memory, with all that was written to it. */
export interface MemoryTerminal extends Terminal {
  readonly written: { stdout: string; stderr: string };
  readonly interrupt: AbortController;
  /** Changes the size of the window. */
  readonly resize: (columns: number, rows: number) => void;
}

/** Makes a terminal whose three streams are, or are not, one that a person looks at. */
export function memoryTerminal(
  about: { isTTY?: boolean; env?: Environment; input?: string } = {},
): MemoryTerminal {
  const { isTTY = false, env = {}, input = '' } = about;
  const written = { stdout: '', stderr: '' };
  const interrupt = new AbortController();
  const size = { columns: 80, rows: 24 };
  const resized = new EventEmitter();
  const output = (name: 'stdout' | 'stderr'): Output => ({
    isTTY,
    get columns() {
      return size.columns;
    },
    get rows() {
      return size.rows;
    },
    write: (text) => {
      written[name] += text;
    },
    on: (event, listener) => resized.on(event, listener),
    off: (event, listener) => resized.off(event, listener),
  });
  return {
    stdin: Object.assign(typed(input), { isTTY }),
    stdout: output('stdout'),
    stderr: output('stderr'),
    env,
    interruption: () => interrupt.signal,
    now: () => 1_700_000_060_000,
    written,
    interrupt,
    resize: (columns, rows) => {
      Object.assign(size, { columns, rows });
      resized.emit('resize');
    },
  };
}

async function* typed(input: string): AsyncGenerator<string> {
  if (input !== '') yield input;
}
