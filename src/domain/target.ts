import type { Task } from './task.js';

/** A named template, from which tasks that run once are made. It never changes. */
export interface Target extends Pick<Task, 'displayName' | 'labels' | 'spec'> {
  readonly id: number;
  /** UUID. */
  readonly uid: string;
  /** Last part of the resource name; no other target has it. */
  readonly name: string;
  /** Name of the user who owns the tasks that are made from it. */
  readonly user: string;
  readonly createdAt: number;
}

/** `targets/{target}`. */
export function targetResourceName({ name }: Pick<Target, 'name'>): string {
  return `targets/${name}`;
}
