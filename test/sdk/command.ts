import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { toolOutput } from '../../src/demo/kafka/tool-output.js';
import { packageRoot } from '../../src/demo/package-root.js';

/** Compilers that fetch their libraries need minutes the first time; what hangs must not hang a run. */
const DEFAULT_DEADLINE_MS = 900_000;
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

const run = promisify(execFile);

/** How a command is run. */
export interface CommandOptions {
  /** Default: the checkout. */
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 15 minutes. */
  readonly deadlineMs?: number;
}

/** What a command printed on stdout. Fails with what it said when its exit code is not 0. */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  try {
    const { stdout } = await run(program, args, {
      cwd: options.cwd ?? packageRoot(),
      env: { ...process.env, ...options.env },
      timeout: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
      maxBuffer: OUTPUT_MAX_BYTES,
    });
    return stdout;
  } catch (error) {
    const line = [program, ...args].join(' ').slice(0, 300);
    throw new Error(`${line}: ${toolOutput(error)}`, { cause: error });
  }
}

/** Whether a program can be started at all. */
export async function isInstalled(program: string): Promise<boolean> {
  // `go` alone knows `version` only as a command; every program here answers one of the two.
  for (const argument of ['--version', 'version']) {
    const answered = await run(program, [argument]).then(
      () => true,
      (error: unknown) => !isMissing(error) && argument === 'version',
    );
    if (answered) return true;
  }
  return false;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
