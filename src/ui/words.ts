import type { DescEnum } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { State, StateSchema } from '../../gen/ts/predictd/v1/state_pb.js';

/** How a thing stands, for its colour and shape. */
export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'off';

/** An enum value without its prefix; empty if nothing was said. */
export function word(schema: DescEnum, value: number): string {
  const name = schema.value[value]?.localName ?? String(value);
  return name === 'UNSPECIFIED' ? '' : name;
}

/** A state in small letters, such as `completed with warnings`. */
export function stateWord(state: State): string {
  return (word(StateSchema, state) || 'UNKNOWN').toLowerCase().replaceAll('_', ' ');
}

/** A word of the contract as people say it: `DEAD_LETTERING` is `dead lettering`. */
export function spoken(upperSnake: string): string {
  return upperSnake.toLowerCase().replaceAll('_', ' ');
}

/** The tone of each state. */
export function stateTone(state: State): Tone {
  return tones[state] ?? 'bad';
}

/** States of executions that have ended, and of tasks that never ran. */
export function isOver(state: State): boolean {
  return over.has(state);
}

const tones: Readonly<Record<State, Tone>> = {
  [State.UNSPECIFIED]: 'bad',
  [State.CREATED]: 'off',
  [State.QUEUED]: 'busy',
  [State.STARTING]: 'busy',
  [State.RUNNING]: 'good',
  [State.DEGRADED]: 'warning',
  [State.RESTARTING]: 'warning',
  [State.STOPPING]: 'busy',
  [State.COMPLETED]: 'good',
  [State.COMPLETED_WITH_WARNINGS]: 'warning',
  [State.CANCELLED]: 'off',
  [State.FAILED]: 'bad',
  [State.UNKNOWN]: 'bad',
};

const over: ReadonlySet<State> = new Set([
  State.CREATED,
  State.COMPLETED,
  State.COMPLETED_WITH_WARNINGS,
  State.CANCELLED,
  State.FAILED,
]);

/** The last part of a resource name. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The user in `users/{user}/…`. */
export function ownerOf(name: string): string {
  return name.split('/')[1] ?? '';
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A whole number with separators. */
export function count(value: bigint | number | undefined): string {
  return grouped.format(value ?? 0);
}

/** A number in at most five characters. */
export function compact(value: bigint | number): string {
  return Number(value) < 10_000 ? grouped.format(value) : short.format(value);
}

/** Records a second. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toFixed(1) : compact(Math.round(perSecond));
}

/** A size with a unit of 1024. */
export function bytes(value: bigint | number): string {
  let left = Number(value);
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  while (left >= 1024 && units.length > 1) {
    left /= 1024;
    units.shift();
  }
  return `${left < 10 && units[0] !== 'B' ? left.toFixed(1) : Math.round(left)} ${units[0]}`;
}

/** A duration in its two greatest units, such as `3 h 20 min`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair([minutes, 'min'], [seconds % 60, 's']);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return pair([hours, 'h'], [minutes % 60, 'min']);
  return pair([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

function pair(first: readonly [number, string], second: readonly [number, string]): string {
  return second[0] === 0 ? first.join(' ') : `${first.join(' ')} ${second.join(' ')}`;
}

/** How long ago, such as `3 min 20 s`; empty if it never was. */
export function age(time: Timestamp | undefined, now: number): string {
  return time === undefined ? '' : span(now - timestampMs(time));
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** A time of day here, with the date if it was not today. */
export function moment(time: Timestamp | undefined): string {
  if (time === undefined) return '';
  const date = timestampDate(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

/** A time exactly, for programs and tooltips. */
export function instant(time: Timestamp | undefined): string {
  return time === undefined ? '' : timestampDate(time).toISOString();
}
