import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isProcessAlive } from './process-alive.js';
import { toolOutput } from './tool-output.js';

/** 43 MB of jars; slow mirrors need minutes, an unreachable one must not hang a build for ever. */
const FETCH_DEADLINE_MS = 600_000;
const LOCK_POLL_MS = 200;
const JAVA_MAJOR_MIN = 17;

const run = promisify(execFile);

/** What {@link kafkaJars} needs to know. */
export interface JarsOptions {
  /** Folder of `pom.xml`. */
  readonly source: string;
  /** Folder that receives the jars; made if missing. */
  readonly target: string;
  /** Called with one line for a person before anything slow. */
  readonly onProgress: (line: string) => void;
}

/**
 * Fetches the broker's jars with Maven unless this `pom.xml` was fetched before, and returns
 * their folder. Concurrent callers, in other processes too, fetch once; an interrupted fetch
 * leaves nothing that a later one would take for complete.
 */
export async function kafkaJars(options: JarsOptions): Promise<string> {
  await assertJava();
  const pom = await readFile(join(options.source, 'pom.xml'));
  const stamp = createHash('sha256').update(pom).digest('hex').slice(0, 16);
  const libs = join(options.target, `libs-${stamp}`);
  if (existsSync(libs)) {
    return libs;
  }
  await mkdir(options.target, { recursive: true });
  const unlock = await lock(join(options.target, 'fetch.lock'), options.onProgress);
  try {
    if (!existsSync(libs)) {
      await fetchJars(options, libs);
    }
    return libs;
  } finally {
    await unlock();
  }
}

async function fetchJars(options: JarsOptions, libs: string): Promise<void> {
  const partial = join(options.target, 'partial');
  for (const name of await readdir(options.target)) {
    if (name === 'partial' || name.startsWith('libs-')) {
      await rm(join(options.target, name), { recursive: true });
    }
  }
  options.onProgress('fetching Apache Kafka with Maven (43 MB, once)');
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime'];
  const args = ['-q', '-B', '-f', join(options.source, 'pom.xml'), ...goal];
  try {
    await run('mvn', [...args, `-DoutputDirectory=${partial}`], { timeout: FETCH_DEADLINE_MS });
  } catch (error) {
    throw toolFailure(error, { tool: 'mvn', debianPackage: 'maven' });
  }
  await rename(partial, libs);
}

async function assertJava(): Promise<void> {
  const tool = { tool: 'java', debianPackage: 'openjdk-17-jre-headless' };
  const { stderr } = await run('java', ['-version']).catch((error: unknown) => {
    throw toolFailure(error, tool);
  });
  const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (major < JAVA_MAJOR_MIN) {
    throw new Error(
      `java is version ${major}, Kafka needs ${JAVA_MAJOR_MIN} or newer: ${installCommand(tool)}`,
    );
  }
}

interface Tool {
  readonly tool: string;
  readonly debianPackage: string;
}

function toolFailure(error: unknown, tool: Tool): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
    return new Error(`${tool.tool} is not installed: ${installCommand(tool)}`, { cause: error });
  }
  return new Error(`${tool.tool} failed: ${toolOutput(error)}`, { cause: error });
}

function installCommand(tool: Tool): string {
  return `install it with: sudo apt-get install ${tool.debianPackage}`;
}

/** A lock file that names its owner, so that a lock left by a killed process is taken over. */
async function lock(
  path: string,
  onProgress: (line: string) => void,
): Promise<() => Promise<void>> {
  const giveUpAt = Date.now() + FETCH_DEADLINE_MS;
  for (let said = false; Date.now() < giveUpAt; ) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch {
      // The file exists: its owner decides what happens next.
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner > 0 && !isProcessAlive(owner)) {
      await rm(path, { force: true });
      continue;
    }
    if (!said) {
      onProgress('waiting for another process that is fetching Apache Kafka');
      said = true;
    }
    await delay(LOCK_POLL_MS);
  }
  throw new Error(`${path} was held by another process for ${FETCH_DEADLINE_MS / 1000} s`);
}
