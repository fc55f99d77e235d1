import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/demo/package-root.js';

/** A cold build of the largest one takes two minutes on two cores; an unreachable proxy must not hang a run. */
const INSTALL_DEADLINE_MS = 600_000;

const run = promisify(execFile);

/** A command that is a Go module's. */
export interface GoTool {
  /** Import path of the command; its last part is the program's name. */
  readonly command: string;
  /** `v1.2.3`, pinned: what a test means must not change by itself. */
  readonly version: string;
}

/** Path of the program, which is built below `.build/` on the first call. Needs Go. */
export async function goTool(tool: GoTool, say: (line: string) => void): Promise<string> {
  const name = tool.command.slice(tool.command.lastIndexOf('/') + 1);
  const folder = join(packageRoot(), '.build', 'go', `${name}-${tool.version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  say(`building ${name} ${tool.version} (once; up to two minutes)`);
  // One package at a time leaves the other core to whatever else runs.
  await run('go', ['install', '-p', '1', `${tool.command}@${tool.version}`], {
    env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
    timeout: INSTALL_DEADLINE_MS,
  });
  return program;
}
