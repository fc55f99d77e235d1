import type { RequestHeader } from '../../cors.js';
import { restError } from '../errors.js';

/**
 * The time a caller grants its call, in milliseconds: the smallest of `Connect-Timeout-Ms`,
 * `Grpc-Timeout` and `X-Server-Timeout` (seconds), or undefined without any. More than `timeoutMsMax`
 * is cut to that; a malformed one is the 400 thrown.
 */
export function timeoutMsOf(header: RequestHeader, timeoutMsMax: number): number | undefined {
  let timeoutMs: number | undefined;
  for (const [name, parse] of timeoutHeaders) {
    const text = header.get(name);
    if (text === null) {
      continue;
    }
    const parsed = parse(text);
    if (parsed === undefined) {
      throw restError(400, `${name}: is not a timeout`);
    }
    timeoutMs = Math.min(timeoutMs ?? timeoutMsMax, parsed);
  }
  return timeoutMs;
}

const msByGrpcUnit: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

const timeoutHeaders: readonly [name: string, parse: (text: string) => number | undefined][] = [
  ['connect-timeout-ms', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)],
  ['grpc-timeout', grpcTimeoutMs],
  ['x-server-timeout', serverTimeoutMs],
];

function grpcTimeoutMs(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(text) ?? [];
  const unitMs = unit === undefined ? undefined : msByGrpcUnit[unit];
  return unitMs === undefined ? undefined : Number(digits) * unitMs;
}

function serverTimeoutMs(text: string): number | undefined {
  return /^\d{1,10}(?:\.\d{1,9})?$/.test(text) ? Number(text) * 1_000 : undefined;
}
