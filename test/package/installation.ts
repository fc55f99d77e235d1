import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { command } from '../sdk/command.js';

/** What `npm pack` made. Disposing of it deletes it. */
export interface Tarball extends AsyncDisposable {
  readonly path: string;
  readonly bytes: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Packs this checkout as a release would. */
export async function packPackage(): Promise<Tarball> {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-tarball-'));
  const output = await command('npm', ['pack', '--json', '--pack-destination', folder]);
  const [made] = JSON.parse(output);
  return {
    path: join(folder, made.filename),
    bytes: made.size,
    files: made.files,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Paths in a tarball, sorted. */
export function packageFiles({ files }: Tarball): string[] {
  return files.map(({ path }) => path).sort();
}

/** A directory that holds the installed package and what is done with it. */
export interface Installation extends AsyncDisposable {
  readonly folder: string;
  /** Runs `npx predictd serve` on the directory's `data` and resolves when it listens. */
  serve(brokers: string): Promise<InstalledService>;
  /** Paths of the package's own files as they are now, sorted. */
  filesOfPackage(): Promise<string[]>;
}

/** The service as `npx` runs it. */
export interface InstalledService {
  /** Runs a command against it, as the admin unless told otherwise, and gives its JSON. */
  predictd(...args: readonly string[]): Promise<string>;
  /** Ends `npx` by SIGTERM and resolves when the service has ended too. */
  stop(): Promise<void>;
}

/** Installs a tarball with its dependencies from the registry. */
export async function installPackage(tarball: string): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-installed-'));
  await writeFile(join(folder, 'package.json'), '{"private": true}\n');
  // Else it fetches libraries for graphics cards, which nobody uses here, from a place outside of npm.
  const env = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await command('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: folder, env });
  const running: ChildProcess[] = [];
  const dispose = async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  return {
    folder,
    serve: (brokers) => serve(folder, brokers, running),
    filesOfPackage: () => filesOf(join(folder, 'node_modules', 'predictd')),
    [Symbol.asyncDispose]: dispose,
  };
}

async function serve(
  folder: string,
  brokers: string,
  running: ChildProcess[],
): Promise<InstalledService> {
  const args = ['serve', '--data', 'data', '--listen', '127.0.0.1:0', '--brokers', brokers];
  const child = spawn('npx', ['predictd', ...args], { cwd: folder });
  running.push(child);
  // Its pipes close when the service, which outlives npx by its draining, has ended as well.
  const gone = new Promise<void>((resolve) => child.once('close', resolve));
  let talk = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk += text;
  });
  const url = await Promise.race([listening(child), gone]);
  if (typeof url !== 'string') throw new Error(`the service did not start\n${talk}`);
  const env = { PREDICTD_URL: url, PREDICTD_TOKEN_FILE: join(folder, 'data', 'admin.json') };
  return {
    predictd: (...words) =>
      command('npx', ['predictd', '-o', 'json', ...words], { cwd: folder, env }),
    stop: () => {
      child.kill('SIGTERM');
      return gone;
    },
  };
}

/** Its one line on stdout ends with the address. */
function listening(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve) => {
    if (!child.stdout) throw new Error('the service has no stdout');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /listening on (\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  });
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith('node_modules'))
    .sort();
}
