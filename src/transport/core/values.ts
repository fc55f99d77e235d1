import type { JsonObject } from '@bufbuild/protobuf';
import {
  type Duration,
  durationFromMs,
  type Timestamp,
  timestampFromMs,
} from '@bufbuild/protobuf/wkt';

/** A time as the contract says it. */
export function timestamp(ms: number): Timestamp {
  return timestampFromMs(ms);
}

/** A time that may be absent. */
export function optionalTimestamp(ms: number | undefined): Timestamp | undefined {
  return ms === undefined ? undefined : timestampFromMs(ms);
}

/** A duration of milliseconds, with the fraction. */
export function duration(ms: number): Duration {
  const whole = durationFromMs(Math.trunc(ms));
  whole.nanos += Math.round((ms - Math.trunc(ms)) * 1_000_000);
  return whole;
}

/** Milliseconds of a duration, rounded. */
export function durationMs({ seconds, nanos }: Duration): number {
  return Math.round(Number(seconds) * 1_000 + nanos / 1_000_000);
}

/** A text that was not said is absent. */
export function said(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** A number that was not said is absent. */
export function saidNumber(number: number): number | undefined {
  return number === 0 ? undefined : number;
}

/** A list or map that was not said is absent. */
export function saidMany<T extends object>(many: T): T | undefined {
  return Object.keys(many).length === 0 ? undefined : many;
}

/** A JSON object, as whoever computes predictions has to give it. */
export function jsonObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new Error('A prediction is no JSON object.');
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
