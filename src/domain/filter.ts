import { invalidField } from './errors.js';
import { limits } from './limits.js';
import { shown } from './names.js';
import type { State } from './state.js';
import { type Task, taskResourceName, uploadedModel } from './task.js';

/** Conditions that all hold for the tasks that are wanted; none: every task is. */
export type Filter = readonly FilterCondition[];

export interface FilterCondition {
  readonly field: FilterField;
  /** Of a label, else empty. */
  readonly key: string;
  readonly operator: '=' | '!=' | ':';
  readonly value: string;
}

export const filterFields = [
  'state',
  'name',
  'display_name',
  'labels',
  'source_topic',
  'sink_topic',
  'model',
] as const;

export type FilterField = (typeof filterFields)[number];

/**
 * Reads conditions such as `state = RUNNING AND labels.team = "risk"`. A value is one word, or stands in double quotes
 * with `\"` and `\\` for themselves. INVALID_FIELD with the column otherwise.
 */
export function parseFilter(text: string): Filter {
  if (text.length > limits.filterCharsMax) {
    throw invalidField('filter', 'TOO_LONG', `Use at most ${limits.filterCharsMax} characters.`);
  }
  const tokens = tokenize(text);
  const conditions: FilterCondition[] = [];
  while (tokens.length > 0) {
    if (conditions.length > 0) expectAnd(tokens, text);
    conditions.push(readCondition(tokens, text));
  }
  return conditions;
}

/** The text that parses to this filter. */
export function filterText(filter: Filter): string {
  return filter.map(conditionText).join(' AND ');
}

/** Whether a filter asks for the state, which is costly to know. */
export function asksForState(filter: Filter): boolean {
  return filter.some(({ field }) => field === 'state');
}

/** Whether the task is wanted. */
export function matches(filter: Filter, task: Task, state: State): boolean {
  return filter.every((condition) => holds(condition, subjectOf(condition, task, state)));
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  /** From 1. */
  readonly column: number;
}

const tokenPattern =
  /\s*(?:(?<quoted>"(?:[^"\\]|\\["\\])*")|(?<operator>!=|=|:)|(?<word>[^\s"=!:]+))/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let position = 0;
  while (position < end) {
    tokenPattern.lastIndex = position;
    const groups = tokenPattern.exec(text)?.groups;
    const begin = position + (/^\s*/.exec(text.slice(position))?.[0].length ?? 0);
    if (!groups)
      throw fault(begin + 1, `"${shown(text.slice(begin, begin + 20))}" is not understood`);
    const { quoted, operator = '', word = '' } = groups;
    const value = quoted === undefined ? operator + word : unquote(quoted);
    tokens.push({ text: value, quoted: quoted !== undefined, column: begin + 1 });
    position = tokenPattern.lastIndex;
  }
  return tokens;
}

function expectAnd(tokens: Token[], text: string): void {
  const and = tokens.shift();
  if (and?.text !== 'AND' || and.quoted) {
    throw fault(columnOf(and, text), 'AND is expected between conditions');
  }
}

function readCondition(tokens: Token[], text: string): FilterCondition {
  const name = tokens.shift();
  const { field, key } = readField(name, text);
  const operator = tokens.shift();
  const symbol = operator?.quoted ? '' : operator?.text;
  if (symbol !== '=' && symbol !== '!=' && symbol !== ':') {
    throw fault(columnOf(operator, text), 'one of = != : is expected');
  }
  const value = tokens.shift();
  const isValue = value && (value.quoted || !['=', '!=', ':', 'AND'].includes(value.text));
  if (!isValue) throw fault(columnOf(value, text), 'a value is expected');
  return { field, key, operator: symbol, value: readValue(field, value) };
}

function readField(token: Token | undefined, text: string): Pick<FilterCondition, 'field' | 'key'> {
  const name = token && !token.quoted ? token.text : '';
  const [, label] = /^labels\.(.+)$/.exec(name) ?? [];
  if (label !== undefined) return { field: 'labels', key: label };
  const field = filterFields.find((one) => one === name && one !== 'labels');
  if (field) return { field, key: '' };
  const known = filterFields.map((one) => (one === 'labels' ? 'labels.KEY' : one)).join(', ');
  const what = name === '' ? 'a field is expected' : `there is no field "${shown(name)}"`;
  throw fault(columnOf(token, text), `${what}; use ${known}`);
}

function readValue(field: FilterField, { text, column }: Token): string {
  if (field !== 'state') return text;
  const state = text.replace(/^STATE_/, '');
  if (Object.hasOwn(states, state)) return state;
  const known = Object.keys(states).join(', ');
  throw fault(column, `there is no state "${shown(text)}"; use ${known}`);
}

/** Every state, complete by construction. */
const states: Readonly<Record<State, true>> = {
  CREATED: true,
  QUEUED: true,
  STARTING: true,
  RUNNING: true,
  DEGRADED: true,
  RESTARTING: true,
  STOPPING: true,
  COMPLETED: true,
  COMPLETED_WITH_WARNINGS: true,
  CANCELLED: true,
  FAILED: true,
  UNKNOWN: true,
};

function columnOf(token: Token | undefined, text: string): number {
  return token?.column ?? text.trimEnd().length + 1;
}

function fault(column: number, what: string): Error {
  return invalidField('filter', 'INVALID_FILTER', `At column ${column}, ${what}.`);
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(["\\])/g, '$1');
}

function conditionText({ field, key, operator, value }: FilterCondition): string {
  const name = field === 'labels' ? `labels.${key}` : field;
  return `${name} ${operator} "${value.replace(/["\\]/g, '\\$&')}"`;
}

function subjectOf({ field, key, value }: FilterCondition, task: Task, state: State): string {
  switch (field) {
    case 'state':
      return state;
    case 'name':
      return value.includes('/') ? taskResourceName(task) : task.name;
    case 'display_name':
      return task.displayName;
    case 'labels':
      return Object.hasOwn(task.labels, key) ? (task.labels[key] ?? '') : '';
    case 'source_topic':
      return task.spec.source.topic;
    case 'sink_topic':
      return task.spec.sink.topic;
    case 'model': {
      const model = uploadedModel(task.spec) ?? '';
      return value.includes('/') ? `users/${task.user}/models/${model}` : model;
    }
  }
}

function holds({ field, operator, value }: FilterCondition, subject: string): boolean {
  if (operator === '=') return subject === value;
  if (operator === '!=') return subject !== value;
  // A state is no text to search in: RUN would find RUNNING.
  return field === 'state' ? subject === value : subject.includes(value);
}
