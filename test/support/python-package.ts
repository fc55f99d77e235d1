import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/demo/package-root.js';

/** A wheel of a megabyte takes seconds; an unreachable index must not hang a run. */
const INSTALL_DEADLINE_MS = 120_000;

const run = promisify(execFile);

/**
 * Folder of a Python package with all that it needs, for `PYTHONPATH`. It is installed below `.build/` on the first
 * call. `requirement` names one version, such as `rdflib==7.1.4`: what a test means must not change by itself. Needs
 * Python 3 with pip.
 */
export async function pythonPackage(requirement: string): Promise<string> {
  const parent = join(packageRoot(), '.build', 'python');
  const folder = join(parent, requirement.replace('==', '-'));
  if (existsSync(folder)) return folder;
  await mkdir(parent, { recursive: true });
  const fresh = await mkdtemp(join(parent, 'new-'));
  const install = ['-m', 'pip', 'install', '--quiet', '--target', fresh, requirement];
  await run('python3', install, { timeout: INSTALL_DEADLINE_MS }).catch((cause: unknown) => {
    const advice = 'python3 with pip is needed (Debian: apt-get install python3-pip)';
    throw new Error(`${requirement} could not be installed: ${advice}`, { cause });
  });
  // Two test files may install it at the same time: whoever comes second throws theirs away.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true, force: true }));
  return folder;
}
