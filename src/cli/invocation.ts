import type { CallOptions } from '@connectrpc/connect';
import type { Command } from 'commander';
import { type Connection, connect } from './connection.js';
import type { ConnectionFlags } from './destination.js';
import { parseTimeout } from './duration.js';
import type { ExitCode } from './exit-code.js';
import type { Attempt } from './failure.js';
import type { Format, Sink } from './output.js';
import { ownerName } from './resource-name.js';
import type { Terminal } from './terminal.js';

/** One run of the program. Commands leave their result and what they were about in it. */
export interface Shell {
  readonly terminal: Terminal;
  exitCode: ExitCode;
  attempt: Attempt;
}

/** Flags that every client command takes. */
export interface ClientFlags extends ConnectionFlags {
  readonly user?: string;
  readonly output: Format;
  readonly timeout?: string;
}

/** What a command that calls the service works with. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly service: Connection;
  readonly sink: Sink;
  /** Whether somebody asked for that format, rather than it being the default. */
  readonly formatGiven: boolean;
  /** `users/{user}` whose tasks and models are meant. */
  readonly owner: string;
  /** For calls that answer once: ended by Ctrl-C and by the deadline. */
  readonly call: CallOptions;
  /** Ended by Ctrl-C. */
  readonly signal: AbortSignal;
  /** What `--timeout` said. */
  readonly timeoutMs: number | undefined;
  /** Talks to people: a line on stderr. */
  readonly say: (text: string) => void;
}

/** A command that calls the service. */
export interface ServiceCommand<O> {
  /** What it does to its arguments, such as `create task iris`, for error messages. */
  readonly action: (args: readonly string[]) => string;
  readonly run: (invocation: Invocation, args: readonly string[], options: O) => Promise<ExitCode>;
}

/** Makes a command one that calls the service. */
export function callsService<O extends object>(
  shell: Shell,
  command: Command,
  about: ServiceCommand<O>,
): void {
  command.action(() => callService(shell, command, about));
}

/** Calls the service for a command: opens the connection, runs, closes it in any case. */
export async function callService<O extends object>(
  shell: Shell,
  command: Command,
  { action, run }: ServiceCommand<O>,
): Promise<void> {
  const { args } = command;
  shell.attempt = { action: action(args), url: '' };
  const flags = command.optsWithGlobals<ClientFlags & O>();
  const service = connect(flags, shell.terminal.env);
  shell.attempt = { ...shell.attempt, url: service.url, tokenFrom: service.tokenFrom };
  try {
    shell.exitCode = await run(
      invocationOf(shell.terminal, service, flags, formatGiven(command)),
      args,
      flags,
    );
  } finally {
    service.close();
  }
}

/** What ends a wait: Ctrl-C, or the time of `--timeout`, which begins with this call. */
export function waitEnd({ signal, timeoutMs }: Invocation): {
  readonly until: AbortSignal;
  /** Whether it was the time, rather than Ctrl-C. */
  readonly timeIsUp: () => boolean;
} {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  return {
    until: timeout === undefined ? signal : AbortSignal.any([signal, timeout]),
    timeIsUp: () => timeout?.aborted === true && !signal.aborted,
  };
}

/** A unary call that takes longer is stuck: only stops and uploads take seconds. */
const DEADLINE_MS = 60_000;

function formatGiven(command: Command): boolean {
  return command.getOptionValueSourceWithGlobals('output') === 'cli';
}

function invocationOf(
  terminal: Terminal,
  service: Connection,
  flags: ClientFlags,
  formatGiven: boolean,
): Invocation {
  const signal = terminal.interruption();
  const { timeout } = flags;
  const timeoutMs = timeout === undefined ? undefined : parseTimeout(timeout, '--timeout');
  const { stdout, env, now } = terminal;
  return {
    terminal,
    service,
    sink: { stdout, env, now, format: flags.output },
    formatGiven,
    owner: ownerName(flags.user),
    call: { signal, timeoutMs: timeoutMs ?? DEADLINE_MS },
    signal,
    timeoutMs,
    say: (text) => terminal.stderr.write(`${text}\n`),
  };
}
