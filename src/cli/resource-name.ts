import { CommandError } from './exit-code.js';

/** Collections that are named directly under a user. */
export type Collection = 'tasks' | 'models';

/** `users/{user}`: the one that was asked for, or the caller. */
export function ownerName(user: string | undefined): string {
  if (user === undefined) return 'users/me';
  return `users/${part(user.replace(/^users\//, ''), 'user')}`;
}

/** A full name from what was typed: the last part, or a full name as `-o name` prints it. */
export function resourceName(owner: string, collection: Collection, typed: string): string {
  if (typed.startsWith('users/')) {
    if (new RegExp(`^users/[^/]+/${collection}/[^/]+$`).test(typed)) return typed;
    throw new CommandError(`${typed} is not a name such as users/alice/${collection}/iris`);
  }
  return `${owner}/${collection}/${part(typed, collection.slice(0, -1))}`;
}

/** A target's full name from what was typed; targets belong to nobody. */
export function targetName(typed: string): string {
  return `targets/${part(typed.replace(/^targets\//, ''), 'target')}`;
}

/** The last part of a resource name, which is what people call the thing. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `users/alice` of `users/alice/tasks/iris`. */
export function parentOf(name: string): string {
  return name.split('/').slice(0, 2).join('/');
}

/** `alice` of `users/alice/tasks/iris`. */
export function ownerOf(name: string): string {
  return name.split('/')[1] ?? '';
}

function part(text: string, what: string): string {
  // A slash or nothing would name something else; all other rules are the service's to check.
  if (text !== '' && !text.includes('/')) return text;
  throw new CommandError(`${JSON.stringify(text)} is no name of a ${what}`);
}
