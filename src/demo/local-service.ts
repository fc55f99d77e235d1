import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { rejection } from '../cli/terminal.js';

export interface LocalServiceOptions {
  /** `HOST:PORT` of brokers, comma-separated. */
  readonly brokers: string;
  /** Data directory that stays. Absent: an empty one that is deleted at the end. */
  readonly data?: string;
  /** `HOST:PORT`. Default: a free port of this machine. */
  readonly listen?: string;
  /** Further flags of `predictd serve`. */
  readonly flags?: readonly string[];
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** The real service in a process of its own. Dispose it to end it. */
export interface LocalService extends AsyncDisposable {
  readonly url: string;
  readonly data: string;
  /** Where the first start wrote the admin's credentials. */
  readonly adminFile: string;
  readonly processId: number;
  /** What it said on stderr, the last of it. */
  talk(): string;
  /** Sends a signal and resolves to the exit code when it is gone, null if a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const program = fileURLToPath(new URL('../main.js', import.meta.url));
const talkChars = 16_000;

/** Runs `predictd serve` and resolves when it listens. */
export async function startLocalService(options: LocalServiceOptions): Promise<LocalService> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'predictd-')));
  const listen = options.listen ?? '127.0.0.1:0';
  const args = ['serve', '--data', data, '--listen', listen, '--brokers', options.brokers];
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', program, ...args, ...(options.flags ?? [])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PREDICTD_LOG_LEVEL: process.env.PREDICTD_LOG_LEVEL ?? 'warn',
        ...options.env,
      },
    },
  );
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  const talk = collectTalk(child);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return gone;
  };
  const dispose = async () => {
    await end('SIGTERM');
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await listening(child, { gone, talk, signal: options.signal });
    const adminFile = join(data, 'admin.json');
    const processId = child.pid ?? 0;
    return { url, data, adminFile, processId, talk, end, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function collectTalk(child: ChildProcess): () => string {
  let talk = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    talk = (talk + text).slice(-talkChars);
  });
  return () => talk;
}

interface Waiting {
  readonly gone: Promise<number | null>;
  readonly talk: () => string;
  readonly signal: AbortSignal | undefined;
}

/** Its one line on stdout ends with the address; what it says on stderr explains why there is none. */
async function listening(child: ChildProcess, { gone, talk, signal }: Waiting): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error('the service has no stdout');
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const url = /listening on (\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([ready, gone, ...(signal ? [rejection(signal)] : [])]);
  if (typeof url !== 'string') throw new Error(`the service did not start\n${talk()}`);
  return url;
}
