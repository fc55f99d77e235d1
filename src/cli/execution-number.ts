import { CommandError } from './exit-code.js';

/** The last part of an execution's name, as it was typed: a number, or `-` for the newest. */
export function executionNumber(typed: string): string {
  if (/^([1-9]\d*|-)$/.test(typed)) return typed;
  throw new CommandError(`${JSON.stringify(typed)} is no number of an execution`, {
    hint: 'numbers count from 1; - is the newest',
  });
}
