import { CommanderError } from 'commander';
import { complete, completeWord } from './completion.js';
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.js';
import { describeFailure } from './failure.js';
import type { Shell } from './invocation.js';
import { createProgram } from './program.js';
import type { Terminal } from './terminal.js';

/** Runs one command line (without the program's own name) to its end and gives its exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const shell: Shell = { terminal, exitCode: exitCode.ok, attempt: { action: '', url: '' } };
  const program = createProgram(shell);
  if (args[0] === completeWord) {
    const words = args.slice(args[1] === '--' ? 2 : 1);
    for (const word of await complete(program, shell, words)) terminal.stdout.write(`${word}\n`);
    return exitCode.ok;
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    // Only commands that listen for Ctrl-C can be ended by it; `interruption` would begin to listen.
    if (shell.attempt.url !== '' && terminal.interruption().aborted) return exitCode.interrupted;
    terminal.stderr.write(`${describeFailure(error, shell.attempt)}\n`);
    return exitCodeOf(error);
  }
}
