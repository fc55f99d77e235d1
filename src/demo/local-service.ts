import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';

export interface LocalServiceOptions {
  /** `HOST:PORT` of brokers, comma-separated. */
  readonly brokers: string;
  readonly signal: AbortSignal;
}

/** The real service in a process of its own, on an empty data directory that goes with it. */
export interface LocalService extends AsyncDisposable {
  readonly url: string;
  /** Where the first start wrote the admin's credentials. */
  readonly adminFile: string;
}

const program = fileURLToPath(new URL('../main.js', import.meta.url));

/** Starts `predictd serve` on a free port of this machine. Dispose it to end it and to delete its data. */
export async function startLocalService(options: LocalServiceOptions): Promise<LocalService> {
  const data = join(packageRoot(), '.build', 'demo', `data-${process.pid}`);
  await mkdir(join(data, '..'), { recursive: true });
  const child = spawn(
    process.execPath,
    [program, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--brokers', options.brokers],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PREDICTD_LOG_LEVEL: 'warn' } },
  );
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await listening(child, gone, options.signal);
    return { url, adminFile: join(data, 'admin.json'), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Its one line on stdout ends with the address; what it says on stderr explains why there is none. */
async function listening(
  child: ReturnType<typeof spawn>,
  gone: Promise<void>,
  signal: AbortSignal,
): Promise<string> {
  let talk = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    talk = (talk + text).slice(-4_000);
  });
  const { stdout } = child;
  if (!stdout) throw new Error('the service has no stdout');
  const lines = createInterface({ input: stdout, signal });
  const ready = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const url = /listening on (\S+)$/.exec(line)?.[1];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([ready, gone]);
  signal.throwIfAborted();
  if (url === undefined) throw new Error(`the service did not start\n${talk}`);
  return url;
}
