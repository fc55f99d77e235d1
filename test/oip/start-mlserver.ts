import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freeLoopbackPorts } from '../../src/demo/kafka/free-ports.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { command } from '../sdk/command.js';
import { eventually } from '../support/eventually.js';

const here = join(packageRoot(), 'test', 'oip');
const venv = join(packageRoot(), '.build', 'oip');
/** Loading its libraries takes seconds on a busy machine. */
const START_DEADLINE_MS = 120_000;

/** An MLServer with the models of `mlserver/`. */
export interface MlServer {
  readonly url: string;
  /** `HOST:PORT`, for egress rules. */
  readonly address: string;
  /** Kills it, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again at the same address, and resolves when its models are ready. */
  start(): Promise<void>;
}

/** Starts one, installed below `.build/` on the first call; it ends with the test. Needs Python 3. */
export async function startMlServer(t: TestContext): Promise<MlServer> {
  const program = await installed();
  const [port, grpcPort] = await freeLoopbackPorts(2);
  const url = `http://127.0.0.1:${port}`;
  let end = async () => {};
  const start = async () => {
    const child = spawn(program, ['start', join(here, 'mlserver')], {
      stdio: 'ignore',
      env: {
        ...process.env,
        PYTHONPATH: join(here, 'mlserver'),
        PYTHONDONTWRITEBYTECODE: '1',
        MLSERVER_HTTP_PORT: String(port),
        MLSERVER_GRPC_PORT: String(grpcPort),
      },
    });
    const gone = new Promise((resolve) => child.once('close', resolve));
    end = async () => {
      child.kill('SIGKILL');
      await gone;
    };
    const isReady = async () => {
      const models = ['sums', 'bare'].map((model) => fetch(`${url}/v2/models/${model}/ready`));
      return (await Promise.all(models)).every(({ ok }) => ok);
    };
    await eventually(isReady, { deadlineMs: START_DEADLINE_MS, what: 'MLServer' });
  };
  t.after(() => end());
  await start();
  return { url, address: `127.0.0.1:${port}`, kill: () => end(), start };
}

/** Path of `mlserver` in a virtual environment with `requirements.txt`. */
async function installed(): Promise<string> {
  const requirements = join(here, 'requirements.txt');
  const wanted = await readFile(requirements, 'utf8');
  const stamp = join(venv, 'requirements.txt');
  const program = join(venv, 'bin', 'mlserver');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return program;
  await rm(venv, { recursive: true, force: true });
  await command('python3', ['-m', 'venv', venv]);
  const python = join(venv, 'bin', 'python');
  await command(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
  await writeFile(stamp, wanted);
  return program;
}
