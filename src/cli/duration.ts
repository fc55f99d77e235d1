import { CommandError } from './exit-code.js';

/** Milliseconds of `500ms`, `30s`, `5m`, `2h` or `7d`. Throws a usage error that names the flag. */
export function parseDuration(text: string, flag: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitsMs[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new CommandError(`${flag}: ${JSON.stringify(text)} is no duration`, {
    hint: 'write it with its unit, such as 500ms, 30s, 5m, 2h or 7d',
  });
}

/** A duration that a timer can wait for. Node's overflow beyond 2^31-1 ms and would fire at once. */
export function parseTimeout(text: string, flag: string): number {
  const ms = parseDuration(text, flag);
  if (ms < 2 ** 31) return ms;
  throw new CommandError(`${flag}: ${JSON.stringify(text)} is too long`, {
    hint: 'give at most 24d, or leave the flag out',
  });
}

/** A duration in its two largest units, such as `3m20s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours}h${Math.floor((seconds % 3600) / 60)}m`;
  return `${Math.floor(hours / 24)}d${hours % 24}h`;
}

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
