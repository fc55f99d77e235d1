import type { Output, Terminal } from '../../src/cli/terminal.js';
import type { Environment } from '../../src/config.js';

/** A terminal in memory, with all that was written to it. */
export interface MemoryTerminal extends Terminal {
  readonly written: { stdout: string; stderr: string };
  readonly interrupt: AbortController;
}

/** Makes a terminal whose three streams are, or are not, one that a person looks at. */
export function memoryTerminal(
  about: { isTTY?: boolean; env?: Environment; input?: string } = {},
): MemoryTerminal {
  const { isTTY = false, env = {}, input = '' } = about;
  const written = { stdout: '', stderr: '' };
  const interrupt = new AbortController();
  const output = (name: 'stdout' | 'stderr'): Output => ({
    isTTY,
    columns: 80,
    rows: 24,
    write: (text) => {
      written[name] += text;
    },
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
  };
}

async function* typed(input: string): AsyncGenerator<string> {
  if (input !== '') yield input;
}
