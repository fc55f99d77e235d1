import { isInstalled } from './command.js';
import type { World } from './world.js';

/** One line of the table. */
export interface Check {
  readonly name: string;
  /** Programs that the machine must have; the check is skipped, by their names, where one is missing. */
  readonly needs: readonly string[];
  /** Resolves to what was seen, in a few words. */
  run(world: World): Promise<string>;
}

/** How a check ended. */
export interface Outcome {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** What was seen, what failed, or what is missing. */
  readonly note: string;
}

/** Runs one check; it never rejects. */
export async function runCheck(check: Check, world: World): Promise<Outcome> {
  const { name } = check;
  const startedAt = performance.now();
  const outcome = (result: Outcome['result'], note: string): Outcome => {
    return { name, result, seconds: (performance.now() - startedAt) / 1000, note };
  };
  const missing: string[] = [];
  for (const program of check.needs) if (!(await isInstalled(program))) missing.push(program);
  if (missing.length > 0) return outcome('skipped', `not installed: ${missing.join(', ')}`);
  try {
    return outcome('passed', await check.run(world));
  } catch (error) {
    return outcome('failed', error instanceof Error ? error.message : String(error));
  }
}

/** The table and, as its last line, the sums. */
export function report(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const rows = outcomes.map(({ name, result, seconds, note }) => {
    const [first = ''] = note.split('\n');
    return `${result.padEnd(7)}  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${first}`;
  });
  const count = (wanted: Outcome['result']) =>
    outcomes.filter(({ result }) => result === wanted).length;
  const sums = `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
  return [...rows, '', sums].join('\n');
}
