import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';

const LINE_DEADLINE_MS = 20_000;

/** What a test may say about the process it starts. */
export interface TestProcessOptions {
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which then ends. Without it standard input is empty. */
  readonly input?: string;
}

/** How a process ended. */
export interface TestProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process under test. Lines are kept from the start, so that none is missed. */
export interface TestProcess {
  readonly pid: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Resolves when the process is gone and all its output was read. */
  readonly ended: Promise<TestProcessEnd>;
  /** The first line on stdout that matches, now or until the deadline (20 s by default). */
  line(pattern: RegExp, deadlineMs?: number): Promise<string>;
  /** The same on stderr. */
  errorLine(pattern: RegExp, deadlineMs?: number): Promise<string>;
  /** Sends a signal (SIGKILL by default) and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<TestProcessEnd>;
}

/** Starts a command and captures its lines; at the end of the test it is killed if it still runs. */
export function startProcess(
  context: TestContext,
  command: string,
  options: TestProcessOptions = {},
): TestProcess {
  const child = spawn(command, options.args ?? [], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: 'pipe',
  });
  let over = false;
  const stdout = collectLines(child.stdout);
  const stderr = collectLines(child.stderr);
  const ended = once(child, 'close').then(([code, signal]): TestProcessEnd => {
    over = true;
    return { code, signal };
  });
  // A process that ends without reading its input is judged by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const kill = (signal: NodeJS.Signals = 'SIGKILL'): Promise<TestProcessEnd> => {
    child.kill(signal);
    return ended;
  };
  context.after(() => kill());
  const find = async (lines: readonly string[], pattern: RegExp, deadlineMs = LINE_DEADLINE_MS) => {
    const line = () => lines.find((candidate) => pattern.test(candidate));
    // What has ended prints no more: then the wait is over, found or not.
    const waited = eventually(() => line() ?? (over ? null : undefined), {
      deadlineMs,
    });
    const found = await waited.catch(() => null);
    if (found === null) {
      const printed = `stdout:\n${stdout.join('\n')}\nstderr:\n${stderr.join('\n')}`;
      throw new Error(`${command} printed no line like ${pattern} in ${deadlineMs} ms; ${printed}`);
    }
    return found;
  };
  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    ended,
    line: (pattern, deadlineMs) => find(stdout, pattern, deadlineMs),
    errorLine: (pattern, deadlineMs) => find(stderr, pattern, deadlineMs),
    kill,
  };
}

/** Runs a command to its end and returns what it printed; killed if the test ends before it. */
export async function runProcess(
  context: TestContext,
  command: string,
  options: TestProcessOptions = {},
): Promise<TestProcessEnd & { readonly stdout: string; readonly stderr: string }> {
  const started = startProcess(context, command, options);
  const end = await started.ended;
  return { ...end, stdout: started.stdout.join('\n'), stderr: started.stderr.join('\n') };
}

/** What a process has in memory, in MiB. */
export async function residentMib(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

function collectLines(stream: Readable): readonly string[] {
  const lines: string[] = [];
  createInterface({ input: stream }).on('line', (line) => lines.push(line));
  return lines;
}
