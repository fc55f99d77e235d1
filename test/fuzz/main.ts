import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafka } from '../../src/demo/local-kafka.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { command } from '../sdk/command.js';
import { fuzz } from './schemathesis.js';
import { refuseStrangers } from './strangers.js';
import { type FuzzTarget, fuzzTargets } from './targets.js';
import { type FuzzWorld, startFuzzWorld } from './world.js';

// Lints the documents that the real service gives out, then calls it by them: no answer may be a 5xx, or another than its
// document says.
//
//   npm run test:fuzz                          every document, about eight minutes
//   npm run test:fuzz -- --seconds 20 opentox  one of them, for so long

const DEFAULT_SECONDS = 60;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string' }, seed: { type: 'string' } },
  });
  const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
  const seed = Number(values.seed ?? Math.trunc(Math.random() * 1_000_000));
  const brokers = process.env.PREDICTD_TEST_BROKERS;
  const kafka = brokers === undefined ? await startKafka({ onProgress: say }) : undefined;
  try {
    await using world = await startFuzzWorld(brokers ?? kafka?.bootstrapServers ?? '');
    const targets = fuzzTargets(world).filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    say(`seed ${seed}`);
    let failed = 0;
    for (const target of targets) {
      const isFine = await tryOut(world, target, { seconds: seconds * target.weight, seed });
      if (!isFine) failed += 1;
    }
    return failed === 0 ? 0 : 1;
  } finally {
    await kafka?.stop();
  }
}

async function tryOut(
  world: FuzzWorld,
  target: FuzzTarget,
  options: { readonly seconds: number; readonly seed: number },
): Promise<boolean> {
  say(`… ${target.name}`);
  const before = world.faults().length;
  try {
    await lint(world, target);
    await refuseStrangers(world, target);
    const sums = await fuzz(world, target, options);
    const faults = world.faults().slice(before);
    if (faults.length > 0) throw new Error(`the service logged faults:\n${faults.join('\n')}`);
    print(`passed  ${target.name.padEnd(12)} ${sums}`);
    return true;
  } catch (error) {
    print(`failed  ${target.name}\n${error instanceof Error ? error.message : String(error)}`);
    say(world.faults().slice(before).join('\n'));
    return false;
  }
}

async function lint(world: FuzzWorld, { document }: FuzzTarget): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-lint-'));
  try {
    const file = join(folder, 'openapi.json');
    await writeFile(file, await (await fetch(world.url + document)).text());
    const redocly = join(packageRoot(), 'node_modules', '.bin', 'redocly');
    await command(redocly, ['lint', '--extends=recommended', '--max-problems=20', file], {
      env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
