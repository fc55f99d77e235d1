import { chmod, mkdir, open } from 'node:fs/promises';
import { DomainError } from '../domain/errors.js';

/** Makes a directory that only the service's account may enter; one that exists is closed to others. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (cause) {
    throw new DomainError('STORE_UNAVAILABLE', {
      message: `The directory ${path} cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      metadata: { reason: 'DATA_DIRECTORY_UNUSABLE', directory: path },
      cause,
    });
  }
}

/** Makes names that were created, renamed or removed in a directory survive a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Makes an empty file of mode 0600 unless there is one. An existing file is not even opened: closing any descriptor of
 * a file drops every POSIX lock that this process holds on it, SQLite's included.
 */
export async function ensurePrivateFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.close();
  } catch (err) {
    if (codeOf(err) !== 'EEXIST') throw err;
  }
}

/** The `code` of an error of Node, such as `ENOENT`. */
export function codeOf(err: unknown): string | undefined {
  if (!(err instanceof Error) || !('code' in err)) return undefined;
  return typeof err.code === 'string' ? err.code : undefined;
}
