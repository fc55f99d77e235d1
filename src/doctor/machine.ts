import { access, constants, lstat, readdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inspectDatabase } from '../store/inspect.js';
import { databaseName, keyName } from '../store/layout.js';
import { writtenPid } from '../store/lock.js';
import { type Check, failed, ok, skipped, type Verdict, warning } from './finding.js';

/** What the machine must have, and what a data directory must be. Nothing is changed, not even a lock is taken. */
export function machineChecks(dataDir: string | undefined): readonly Check[] {
  const node: Check = {
    subject: 'node',
    hint: 'install Node 20 (20.17 or newer), 22 or 24',
    look: () => nodeVersion(process.versions.node),
  };
  if (dataDir === undefined) return [node];
  return [
    node,
    { subject: 'disk', hint: 'name a directory that exists', look: () => disk(dataDir) },
    { subject: 'data directory', hint: notOurs, look: () => permissions(dataDir) },
    { subject: 'lock', hint: notOurs, look: () => lock(dataDir) },
    { subject: 'key', hint: notOurs, look: () => key(dataDir) },
    { subject: 'database', hint: damaged, look: () => database(dataDir) },
  ];
}

const notOurs = 'run this as the user that runs the service, on its machine';
const damaged =
  'stop the service, keep the directory, and make a new one of the newest backup: predictd restore FILE --data DIR';

/** Whether a version of Node is one that the service is tested on. */
export function nodeVersion(version: string): Verdict {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 17)) {
    return failed(`${version} is too old`, 'install Node 20 (20.17 or newer), 22 or 24');
  }
  if (major === 20)
    return warning(version, 'Node 20 gets no fixes any more: move to 22 or 24 soon');
  return ok(version);
}

const MIB = 1024 * 1024;
/** A burst of events and one backup of a middling database fit. */
const FREE_MIB_MIN = 1_024;
/** Below it the next checkpoint may fail. */
const FREE_MIB_FATAL = 128;

async function disk(dataDir: string): Promise<Verdict> {
  const { bavail, bsize, blocks, ffree } = await statfs(await nearestFolder(dataDir));
  const free = Math.floor((bavail * bsize) / MIB);
  const detail = `${free} MiB free (${Math.floor((100 * bavail) / blocks)} %)`;
  const hint = 'make room: nothing is lost meanwhile, but nothing is accepted either';
  if (free < FREE_MIB_FATAL) return failed(detail, hint);
  if (ffree === 0) return failed(`${detail}, but no file can be made: no inodes are left`, hint);
  return free < FREE_MIB_MIN ? warning(detail, 'make room before it is full') : ok(detail);
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((await exists(folder)) || folder === dirname(folder)) return folder;
  }
}

async function permissions(dataDir: string): Promise<Verdict> {
  if (!(await exists(dataDir))) return skipped(`${dataDir} does not exist yet: serve makes it`);
  await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  const names = ['.', ...(await readdir(dataDir)).filter((name) => isSecret.test(name))];
  const all = await Promise.all(
    names.map(async (name) => ({ name, stats: await lstat(join(dataDir, name)) })),
  );
  const [own] = all;
  const open = all.find(({ stats }) => (stats.mode & 0o077) !== 0);
  if (open) {
    const path = join(dataDir, open.name);
    return failed(`others may read or write ${path}`, `run: chmod go= ${path}`);
  }
  const foreign = all.find(({ stats }) => stats.uid !== own?.stats.uid);
  if (foreign) {
    const path = join(dataDir, foreign.name);
    return failed(
      `${path} belongs to another user than its directory`,
      `run: chown --reference=${dataDir} ${path}`,
    );
  }
  if (names.includes('admin.json')) {
    return warning(
      `${dataDir} still holds admin.json`,
      "keep the admin's token elsewhere and delete the file",
    );
  }
  return ok(`${dataDir}, for its owner alone`);
}

const isSecret = /^(?:key|admin\.json|predictd\.db.*|lock\.(?:db|pid))$/;

async function lock(dataDir: string): Promise<Verdict> {
  const pid = await holderOf(dataDir);
  return ok(pid === undefined ? 'free' : `held by process ${pid}`);
}

/** The process that says it has the directory, if it lives. */
async function holderOf(dataDir: string): Promise<number | undefined> {
  const pid = await writtenPid(dataDir);
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    const lives = error instanceof Error && 'code' in error && error.code === 'EPERM';
    return lives ? pid : undefined;
  }
}

const KEY_BYTES = 32;

async function key(dataDir: string): Promise<Verdict> {
  const path = join(dataDir, keyName);
  if (!(await exists(path))) {
    if (!(await exists(join(dataDir, databaseName)))) return skipped('serve makes it');
    return failed(
      `${path} is gone: the secrets in the database cannot be read without it`,
      'put it back from a backup before serve is started',
    );
  }
  const { size } = await lstat(path);
  if (size === KEY_BYTES) return ok(`${KEY_BYTES} bytes`);
  return failed(`it has ${size} bytes instead of ${KEY_BYTES}`, 'put it back from a backup');
}

async function database(dataDir: string): Promise<Verdict> {
  if (!(await exists(join(dataDir, databaseName)))) return skipped('serve makes it');
  const found = await inspectDatabase(dataDir);
  if (found === undefined) {
    return skipped('it was not closed cleanly; serve mends and checks it when it starts');
  }
  const { version, known, fault } = found;
  if (fault !== undefined) return failed(fault, damaged);
  if (version > known) {
    return failed(
      `schema ${version} is newer than ${known}, the newest that this release knows`,
      'use the release that wrote it, or restore a backup of this one',
    );
  }
  if (version < known)
    return warning(
      `schema ${version}; serve upgrades it to ${known}`,
      'make a backup before the upgrade',
    );
  return ok(`schema ${version}, whole`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
