import type { EgressPolicy } from './egress.js';
import type { Faults } from './faults.js';
import { limits } from './limits.js';
import { shown } from './names.js';
import type { TaskSpec } from './task.js';
import { withoutVariables } from './variables.js';

/** Where a value stands, and where its faults go. */
export interface Place {
  readonly faults: Faults;
  readonly path: string;
}

/** What a spec is checked against. */
export interface SpecContext {
  /** Path of the spec in the request, `task.spec` or `spec`. */
  readonly path: string;
  /** Owner of the task, whose models it may use. */
  readonly user: string;
  /** The spec that is replaced: `***` keeps its secrets. */
  readonly previous?: TaskSpec | undefined;
  /** Brokers that the service was started with. */
  readonly brokers: readonly string[];
  readonly egress: EgressPolicy;
}

/** One of a closed set; the first is the default. */
export function choice<const Choice extends string>(
  given: string | undefined,
  { faults, path, of }: Place & { readonly of: readonly [Choice, ...Choice[]] },
): Choice {
  if (given === undefined) return of[0];
  const known = of.find((one) => one === given);
  if (known !== undefined) return known;
  faults.add(path, 'UNKNOWN_VALUE', `"${shown(given)}" is unknown. Use ${of.join(' or ')}.`);
  return of[0];
}

/** A whole number in a range. */
export function wholeNumber(
  value: number,
  { faults, path, least, most }: Place & { readonly least: number; readonly most: number },
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  faults.add(path, 'OUT_OF_RANGE', `${value} is out of range. Use ${least} to ${most}.`);
  return least;
}

/** The name of a Kafka topic, required. It may have variables in it. */
export function topic(name: string | undefined, { faults, path }: Place): string {
  if (name === undefined || name === '') {
    faults.add(path, 'REQUIRED', 'Name a Kafka topic.');
    return '';
  }
  if (
    name.length > limits.topicCharsMax ||
    !/^[a-zA-Z0-9._-]+$/.test(withoutVariables(name)) ||
    /^\.\.?$/.test(name)
  ) {
    const description = `"${shown(name)}" is no topic name. Use 1 to ${limits.topicCharsMax} of a-z A-Z 0-9 . _ -, but not "." or "..".`;
    faults.add(path, 'INVALID_TOPIC', description);
  }
  return name;
}

/** A text of bounded length without control characters. */
export function text(
  value: string,
  { faults, path, charsMax }: Place & { readonly charsMax: number },
): string {
  if (value.length > charsMax) {
    const description = `It has ${value.length} characters. Use at most ${charsMax}.`;
    faults.add(path, 'TOO_LONG', description);
  } else if (/\p{Cc}/u.test(value)) {
    faults.add(path, 'INVALID_CHARACTER', 'It has control characters. Leave them out.');
  }
  return value;
}

/** Key and value pairs of bounded number and length. */
export function pairs(
  given: Readonly<Record<string, string>> | undefined,
  { faults, path, max, charsMax }: Place & { readonly max: number; readonly charsMax: number },
): Readonly<Record<string, string>> {
  const entries = Object.entries(given ?? {});
  if (entries.length > max) {
    faults.add(path, 'TOO_MANY', `There are ${entries.length}. Use at most ${max}.`);
    return {};
  }
  for (const [key, value] of entries) {
    const at = `${path}["${shown(key)}"]`;
    if (key === '') faults.add(path, 'INVALID_KEY', 'A key is empty. Give every entry a name.');
    else text(key, { faults, path: at, charsMax });
    text(value, { faults, path: at, charsMax });
  }
  return Object.fromEntries(entries);
}
