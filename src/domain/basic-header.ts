import type { BasicCredentials } from './task.js';

/** What goes behind `Authorization: Basic`. */
export function basicHeader({ username, password }: BasicCredentials): string {
  return Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
}
