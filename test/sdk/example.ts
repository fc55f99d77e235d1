import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { eventually } from '../support/eventually.js';
import { fixturePath } from '../support/fixtures.js';
import type { World } from './world.js';

/** A start of a runner on two busy cores takes seconds; all of an example takes a few of those. */
const EXAMPLE_DEADLINE_MS = 120_000;
const CHANGES_DEADLINE_MS = 60_000;

/** An example's program. What it must read from its environment and print is checked by `runExample`. */
export interface Example {
  /** Distinguishes its task, model and topics. */
  readonly id: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
}

/**
 * Runs an example of the main job against the real service, through connections that break as soon
 * as its watch has shown a change and are mended when the task has changed further. It must have
 * uploaded a model, run a task to its end, seen every change once, stopped another task, and been
 * able to say why a third was refused. Returns what was seen, for the table.
 */
export async function runExample(world: World, example: Example): Promise<string> {
  const id = `${example.id}-${randomBytes(3).toString('hex')}`;
  const source = `${id}-in`;
  const sink = `${id}-out`;
  const records = await world.topics.fill(source);
  const child = spawn(example.program, example.args, {
    cwd: example.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: EXAMPLE_DEADLINE_MS,
    env: {
      ...process.env,
      PREDICTD_URL: `http://127.0.0.1:${world.proxy.port}`,
      PREDICTD_TOKEN: world.token,
      EXAMPLE_SOURCE: source,
      EXAMPLE_SINK: sink,
      EXAMPLE_MODEL: fixturePath('iris.onnx'),
      EXAMPLE_TASK: id,
    },
  });
  const lines: string[] = [];
  const errors: string[] = [];
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const task = `users/admin/tasks/${id}`;
  let broken: Promise<void> | undefined;
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('change ')) broken ??= breakConnections(world, task);
  });
  const code = await ended;
  await broken;
  const printed = [...lines, ...errors].join('\n');
  assert.equal(code, 0, printed);
  await judge(world, { task, lines, printed });
  await world.topics.holds(sink, records);
  return `${words(lines, 'change').length} changes over ${words(lines, 'interrupted').length} breaks, ${records} records`;
}

/** For as long as it takes until the task has changed while nobody could be told. */
async function breakConnections(world: World, task: string): Promise<void> {
  world.proxy.cut();
  try {
    const before = (await world.eventNumbers(task)).length;
    await eventually(async () => (await world.eventNumbers(task)).length > before, {
      deadlineMs: CHANGES_DEADLINE_MS,
      what: `a further change of ${task}`,
    });
  } finally {
    world.proxy.mend();
  }
}

interface Printed {
  readonly task: string;
  readonly lines: readonly string[];
  readonly printed: string;
}

async function judge(world: World, { task, lines, printed }: Printed): Promise<void> {
  const model = task.replace('/tasks/', '/models/');
  assert.deepEqual(words(lines, 'uploaded'), [[model]], printed);
  assert.deepEqual(words(lines, 'refused'), [['INVALID_FIELD', 'predictd']], printed);
  assert.equal(words(lines, 'violation').length, 1, printed);
  assert.match(words(lines, 'violation')[0]?.[0] ?? '', /sink\.topic$/, printed);
  assert.deepEqual(words(lines, 'stopped'), [['STATE_CANCELLED']], printed);
  assert.ok(words(lines, 'interrupted').length > 0, `its watch never broke\n${printed}`);
  const seen = words(lines, 'change').map(([number]) => Number(number));
  // The first one is the task's creation, which was before the watch.
  const happened = (await world.eventNumbers(task)).slice(1);
  assert.deepEqual(seen, happened, printed);
}

/** What stands behind `word` in the lines that begin with it. */
function words(lines: readonly string[], word: string): string[][] {
  return lines
    .map((line) => line.split(' '))
    .filter(([first]) => first === word)
    .map(([, ...rest]) => rest);
}
