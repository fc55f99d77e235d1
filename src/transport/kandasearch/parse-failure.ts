import { DomainError } from '../../domain/errors.js';

/** The documented text for a command that cannot be read; `why` says more where a caller can do something about it. */
export function parseFailure(why?: string, cause?: unknown): DomainError {
  const message = why === undefined ? documented : `${documented}: ${why}`;
  return new DomainError('INVALID_FIELD', { message, cause });
}

const documented = 'command parse failed';
