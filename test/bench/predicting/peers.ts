import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/demo/package-root.js';
import { fixturePath } from '../../support/fixtures.js';
import { type Contestant, MAX_WAIT_MS, type Run, type Span, type Work } from './contestant.js';

const run = promisify(execFile);
const INSTALL_DEADLINE_MS = 600_000;
const TALK_CHARS = 4_000;

/** Installs what the Python program needs, once for each content of its folder. */
export async function pythonPeer(brokers: string, say: (line: string) => void) {
  const source = join(packageRoot(), 'test', 'bench', 'peers', 'python');
  const home = await installed(source, async (partial) => {
    say('installing confluent-kafka, orjson, numpy and onnxruntime for Python (once)');
    await run('python3', ['-m', 'venv', partial]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const requirements = ['-r', join(source, 'requirements.txt')];
    const python = join(partial, 'bin', 'python');
    await run(python, [...pip, ...requirements], { timeout: INSTALL_DEADLINE_MS });
  });
  return peer('python', ({ workload, source: from, sink, records }) => [
    join(home, 'bin', 'python'),
    join(source, 'peer.py'),
    ...[brokers, from, sink, fixturePath(`${workload.model}.onnx`), String(records)],
    String(MAX_WAIT_MS / 1_000),
    workload.format,
  ]);
}

/** Builds the Kafka Streams program, once for each content of its folder. */
export async function streamsPeer(brokers: string, say: (line: string) => void) {
  const source = join(packageRoot(), 'test', 'bench', 'peers', 'kafka-streams');
  const home = await installed(source, async (partial) => {
    say('building the Kafka Streams program with Maven (once)');
    await cp(source, partial, { recursive: true });
    const goals = ['compile', 'dependency:copy-dependencies', '-DoutputDirectory=libs'];
    const args = ['-q', '-B', '-f', join(partial, 'pom.xml'), ...goals];
    await run('mvn', args, { timeout: INSTALL_DEADLINE_MS });
  });
  const classes = `${join(home, 'target', 'classes')}:${join(home, 'libs', '*')}`;
  return peer('kafka-streams', ({ workload, source: from, sink, records }) => [
    ...['java', '-cp', classes, 'Peer', brokers, from, sink],
    ...[fixturePath(`${workload.model}.onnx`), String(records), workload.format],
  ]);
}

/** The folder that `install` filled; one that was interrupted is not taken for complete. */
async function installed(
  source: string,
  install: (partial: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) hash.update(await readFile(join(entry.parentPath, entry.name)));
  }
  const name = source.slice(source.lastIndexOf('/') + 1);
  const builds = join(packageRoot(), '.build', 'bench');
  const home = join(builds, `${name}-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(home)) return home;
  const partial = `${home}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(builds, { recursive: true });
  await install(partial);
  await rename(partial, home);
  return home;
}

function peer(name: string, command: (work: Work) => string[]): Contestant {
  return {
    name,
    start: async (work) => {
      const [program = '', ...args] = command(work);
      return new PeerRun(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }), name);
    },
  };
}

class PeerRun implements Run {
  readonly processId: number;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #gone: Promise<void>;
  readonly #marks = new Map<string, number>();
  #talk = '';

  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
    this.processId = child.pid ?? 0;
    this.#gone = new Promise((resolve) => child.once('close', () => resolve()));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#talk = (this.#talk + text).slice(-TALK_CHARS);
    });
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [what = '', at] = line.split(' ');
      this.#marks.set(what, Number(at));
    });
  }

  async done(): Promise<Span> {
    await this.#gone;
    const firstRecordAt = this.#marks.get('first');
    const lastCommitAt = this.#marks.get('last');
    if (firstRecordAt === undefined || lastCommitAt === undefined) {
      throw new Error(`${this.#name} ended without a result\n${this.#talk}`);
    }
    return { firstRecordAt, lastCommitAt };
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }
}
