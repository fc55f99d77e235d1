import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalService } from '../../src/demo/local-service.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { scrape } from '../support/scrape.js';

/**
 * `npm run test:metrics`: checks and tests the alerts, and a scrape of the real service, with Prometheus' own tool. It is
 * taken from the PATH, or out of Debian's package `prometheus`; its Go module cannot be installed by itself.
 */
const run = promisify(execFile);
const alerts = join(packageRoot(), 'src', 'telemetry', 'prometheus', 'alerts.yaml');
const tests = join(packageRoot(), 'test', 'telemetry', 'alerts-test.yaml');

async function promtool(): Promise<string> {
  const found = await run('which', ['promtool']).catch(() => undefined);
  if (found) return found.stdout.trim();
  const folder = join(packageRoot(), '.build', 'prometheus');
  const program = join(folder, 'usr', 'bin', 'promtool');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  await run('apt-get', ['download', 'prometheus'], { cwd: folder });
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (deb === undefined) throw new Error('there is no promtool; install the package prometheus');
  await run('dpkg', ['-x', deb, '.'], { cwd: folder });
  return program;
}

/** Runs a check, whose output is shown; `input` is what it reads. Answers whether it passed. */
async function check(tool: string, args: readonly string[], input = ''): Promise<boolean> {
  const child = spawn(tool, args, { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return code === 0;
}

async function realScrape(): Promise<string> {
  // Nothing is connected to: no task runs.
  await using service = await startLocalService({ brokers: '127.0.0.1:9092' });
  const { token } = JSON.parse(await readFile(service.adminFile, 'utf8')) as { token: string };
  const authorization = `Bearer ${token}`;
  await fetch(`${service.url}/v1/users/me/tasks`, { headers: { authorization } });
  return (await scrape(`${service.url}/metrics`, token)).text;
}

const tool = await promtool();
const passed = [
  await check(tool, ['check', 'rules', alerts]),
  await check(tool, ['test', 'rules', tests]),
  await check(tool, ['check', 'metrics'], await realScrape()),
];
process.exitCode = passed.every(Boolean) ? 0 : 1;
