import type { Environment } from '../config.js';

/** What a command reads from and writes to. */
export interface Terminal {
  readonly stdin: Input;
  /** Data only, so that scripts can read it. */
  readonly stdout: Output;
  /** Talk, progress and hints. */
  readonly stderr: Output;
  readonly env: Environment;
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. The first call begins to listen; from then on a second one quits. */
  readonly interruption: () => AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Bytes that somebody types or pipes in. */
export interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
}

/** Where text goes. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  /** Tells when a person changes the size of the window. */
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** Never resolves, and rejects with the reason of a signal when that is aborted, or was; nobody has to handle it. */
export function rejection(signal: AbortSignal): Promise<never> {
  const rejected = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  rejected.catch(() => undefined);
  return rejected;
}

/** The size of the window. A terminal without one, as scripts and containers have, says 0. */
export function windowOf({ columns, rows }: Output): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}

/** Whether an output takes lines that move. */
export function isLively(output: Output, env: Environment): boolean {
  return output.isTTY === true && env.TERM !== 'dumb';
}

/** Whether an output takes colour. */
export function takesColour(output: Output, env: Environment): boolean {
  return isLively(output, env) && !env.NO_COLOR;
}

/** Whether the terminal of a person shows more than ASCII. */
export function showsUnicode(env: Environment): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}

/** Text of others, without what could steer the terminal. */
export function harmless(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
