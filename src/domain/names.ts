import type { DeadLetterPlace } from './dead-letter.js';
import { type FieldViolation, invalidField } from './errors.js';
import { limits } from './limits.js';

/** The alias that names the caller in every resource name. */
export const meAlias = 'me';

/** The alias that stands for every user (in a list's parent) or for the newest (execution). */
export const anyAlias = '-';

/** A task's place: its owner and its own id. */
export interface TaskName {
  readonly user: string;
  readonly task: string;
}

/** A model's place: its owner and its own id. */
export interface ModelName {
  readonly user: string;
  readonly model: string;
}

/** An execution's place; `number` absent: the newest. */
export interface ExecutionName extends TaskName {
  readonly number?: number;
}

/** Reads `users/{user}`; INVALID_FIELD at `field` otherwise. */
export function parseUserName(text: string, field: string): string {
  const parts = match(text, field, userPattern);
  return parts.user;
}

/** Reads `users/{user}` or `users/-`; the latter reads as undefined. */
export function parseUserScope(text: string, field: string): string | undefined {
  return text === `users/${anyAlias}` ? undefined : parseUserName(text, field);
}

/** Reads `users/{user}/tasks/{task}`; INVALID_FIELD at `field` otherwise. */
export function parseTaskName(text: string, field: string): TaskName {
  const { user, id } = match(text, field, taskPattern);
  return { user, task: id };
}

/** Reads `users/{user}/models/{model}`; INVALID_FIELD at `field` otherwise. */
export function parseModelName(text: string, field: string): ModelName {
  const { user, id } = match(text, field, modelPattern);
  return { user, model: id };
}

/** Reads `users/{user}/tasks/{task}/executions/{number}`, where `-` is the newest. */
export function parseExecutionName(text: string, field: string): ExecutionName {
  const { user, id, number } = match(text, field, executionPattern);
  if (number === anyAlias) return { user, task: id };
  return { user, task: id, number: Number(number) };
}

/** Reads `users/{user}/tasks/{task}/deadLetters/{partition}-{offset}`; INVALID_FIELD at `field` otherwise. */
export function parseDeadLetterName(text: string, field: string): TaskName & DeadLetterPlace {
  const { user, id, number } = match(text, field, deadLetterPattern);
  const [partition = '', offset = ''] = number.split('-');
  return { user, task: id, partition: Number(partition), offset: Number(offset) };
}

/** Reads `targets/{target}`; INVALID_FIELD at `field` otherwise. */
export function parseTargetName(text: string, field: string): string {
  return match(text, field, targetPattern).id;
}

/** `users/{user}/tasks/{task}/executions/{number}`. */
export function executionResourceName(task: string, number: number): string {
  return `${task}/executions/${number}`;
}

/** `users/{user}/tasks/{task}/deadLetters/{partition}-{offset}`. */
export function deadLetterResourceName(
  task: string,
  { partition, offset }: DeadLetterPlace,
): string {
  return `${task}/deadLetters/${partition}-${offset}`;
}

/** `users/{user}/models/{model}`. */
export function modelResourceName(model: { readonly user: string; readonly name: string }): string {
  return `users/${model.user}/models/${model.name}`;
}

/** `users/{user}`. */
export function userResourceName(user: string): string {
  return `users/${user}`;
}

/** What is wrong with the last part of a task's or model's name, if anything. */
export function resourceIdFault(field: string, id: string): FieldViolation | undefined {
  if (id === '') return { field, reason: 'REQUIRED', description: 'Give it a name.' };
  if (idPattern.test(id) && id.length <= limits.nameCharsMax) return undefined;
  return {
    field,
    reason: 'INVALID_NAME',
    description: `"${shown(id)}" is no name. Use 1 to ${limits.nameCharsMax} of a-z A-Z 0-9 . _ -, beginning with a letter or digit.`,
  };
}

/** What is wrong with the name of a user to be made, if anything. */
export function userIdFault(field: string, id: string): FieldViolation | undefined {
  if (id === '') return { field, reason: 'REQUIRED', description: 'Give the user a name.' };
  if (id === meAlias) {
    return {
      field,
      reason: 'RESERVED_NAME',
      description: '"me" names the caller. Choose another name.',
    };
  }
  if (idPattern.test(id) && id.length <= limits.userNameCharsMax) return undefined;
  return {
    field,
    reason: 'INVALID_NAME',
    description: `"${shown(id)}" is no user name. Use 1 to ${limits.userNameCharsMax} of a-z A-Z 0-9 . _ -, beginning with a letter or digit.`,
  };
}

const idPattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
const user = `users/(?<user>[a-zA-Z0-9][a-zA-Z0-9._-]{0,${limits.userNameCharsMax - 1}})`;
const id = `(?<id>[a-zA-Z0-9][a-zA-Z0-9._-]{0,${limits.nameCharsMax - 1}})`;

interface Pattern {
  readonly shape: string;
  readonly expression: RegExp;
}

const userPattern: Pattern = { shape: 'users/{user}', expression: new RegExp(`^${user}$`) };
const taskPattern: Pattern = {
  shape: 'users/{user}/tasks/{task}',
  expression: new RegExp(`^${user}/tasks/${id}$`),
};
const modelPattern: Pattern = {
  shape: 'users/{user}/models/{model}',
  expression: new RegExp(`^${user}/models/${id}$`),
};
const targetPattern: Pattern = {
  shape: 'targets/{target}',
  expression: new RegExp(`^targets/${id}$`),
};
const executionPattern: Pattern = {
  shape: 'users/{user}/tasks/{task}/executions/{number}',
  expression: new RegExp(`^${user}/tasks/${id}/executions/(?<number>[1-9][0-9]{0,14}|-)$`),
};
const deadLetterPattern: Pattern = {
  shape: 'users/{user}/tasks/{task}/deadLetters/{partition}-{offset}',
  expression: new RegExp(
    `^${user}/tasks/${id}/deadLetters/(?<number>(?:0|[1-9][0-9]{0,8})-(?:0|[1-9][0-9]{0,14}))$`,
  ),
};

interface NameParts {
  readonly user: string;
  readonly id: string;
  readonly number: string;
}

function match(text: string, field: string, { shape, expression }: Pattern): NameParts {
  if (text === '') throw invalidField(field, 'REQUIRED', `Give a name of the form ${shape}.`);
  const groups = expression.exec(text)?.groups;
  if (!groups) {
    const description = `"${shown(text)}" is not of the form ${shape}.`;
    throw invalidField(field, 'INVALID_NAME', description);
  }
  return { user: groups.user ?? '', id: groups.id ?? '', number: groups.number ?? '' };
}

/** A caller's text inside a message: cut, and without line breaks or quotes that would mislead a reader. */
export function shown(text: string): string {
  const flat = text.replace(/[\p{C}"]/gu, '?');
  return flat.length > 80 ? `${flat.slice(0, 77)}...` : flat;
}
