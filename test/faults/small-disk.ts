import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from './lab.js';

const run = promisify(execFile);

/** Why no small disk can be made here, if it cannot. */
export function noSmallDisk(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'a small disk (tmpfs) is mounted by root alone';
}

/** A disk of its own in memory, unmounted after the case. */
export async function smallDisk(lab: Lab, mebibytes: number): Promise<string> {
  const directory = await lab.directory();
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'tmpfs', directory]);
  lab.after(() => run('umount', ['-l', directory]));
  return directory;
}

/** Writes until nothing more fits, and answers the file to remove. */
export async function fillUp(directory: string): Promise<string> {
  const filler = join(directory, 'filler');
  for (const bytes of [1024 * 1024, 64 * 1024, 4 * 1024, 512]) {
    const piece = Buffer.alloc(bytes);
    const grown = async () => writeFile(filler, piece, { flag: 'a' });
    while (await grown().then(() => true, isNoSpace));
  }
  return filler;
}

function isNoSpace(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
  throw error;
}
