import { parseTaskName } from '../../domain/names.js';
import type { TaskReference } from '../../service/find-task-run.js';

/**
 * Reads which task a file is: an id, a UUID, or a path, which is `/` and the resource name of the task. The engine keeps
 * an escaped slash as it was written, and both ways to write one are in use.
 */
export function referenceOfFile(file: string): TaskReference {
  if (/^\d{1,15}$/.test(file)) return { id: Number(file) };
  const name = file.replaceAll(/%2f/gi, '/').replace(/^\//, '');
  // What is no path is looked for as a UUID, and not found: a file that cannot exist is one that does not.
  return isTaskName(name) ? { name } : { uid: file };
}

function isTaskName(name: string): boolean {
  try {
    parseTaskName(name, 'file');
    return true;
  } catch {
    return false;
  }
}
