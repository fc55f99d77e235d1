import { DomainError } from './errors.js';
import { type Task, taskEtag, taskResourceName } from './task.js';

/** Throws ETAG_MISMATCH unless the etag is empty or the present one. */
export function assertEtag(task: Task, etag: string): void {
  if (etag !== '' && etag !== taskEtag(task)) throw etagMismatch(task);
}

/** Says that the task is not any more what the caller saw. */
export function etagMismatch(task: Task): DomainError {
  const resource = taskResourceName(task);
  return new DomainError('ETAG_MISMATCH', {
    message: `"${resource}" was changed since you read it. Read it again, and repeat.`,
    metadata: { resource },
  });
}
