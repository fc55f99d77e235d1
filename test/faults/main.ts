import { seededRandom } from '../domain/simulation.js';
import { faults } from './cases/all.js';
import { type FaultCase, Lab, type SkippedFault } from './lab.js';
import { type Row, rowsText } from './table.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** The longest takes five minutes on two idle cores; shared ones may need several times as long. */
const caseDeadlineMs = 1_800_000;
const usageExit = 2;

/** Runs the chosen faults, all of them without arguments, and answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const chosen = faults.filter(({ fault }) => args.length === 0 || args.includes(String(fault)));
  if (chosen.length === 0) {
    say(`no fault has the number ${args.join(' or ')}`);
    return usageExit;
  }
  const seed = Number(process.env.PREDICTD_SEED ?? Date.now() % 1_000_000_000);
  say(`seed ${seed} (PREDICTD_SEED=${seed} repeats the random choices)`);
  const lab = new Lab(seededRandom(seed), say);
  const rows: Row[] = [];
  try {
    for (const fault of chosen) rows.push(await runCase(fault, lab));
  } finally {
    await lab.close();
  }
  say(`\n${rowsText(rows)}\n`);
  const count = (outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  for (const { fault, name, outcome, why } of rows) {
    if (outcome !== 'passed') say(`${outcome} ${fault} ${name}: ${why}`);
  }
  say(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return count('failed') === 0 ? 0 : 1;
}

async function runCase(fault: FaultCase | SkippedFault, lab: Lab): Promise<Row> {
  const { name } = fault;
  if ('skipped' in fault) {
    return { fault: fault.fault, name, outcome: 'skipped', why: fault.skipped };
  }
  const missing = fault.missing?.();
  if (missing) return { fault: fault.fault, name, outcome: 'skipped', why: missing };
  say(`${fault.fault} ${name}: ${fault.holds}`);
  const startedAt = performance.now();
  const row = await outcomeOf(fault, lab);
  await lab.tidy();
  say(`  ${row.outcome} after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
  if (row.outcome === 'failed') say(`  ${row.why}`);
  return row;
}

async function outcomeOf(fault: FaultCase, lab: Lab): Promise<Row> {
  const { name } = fault;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`it took more than ${caseDeadlineMs / 1_000} s`);
    timer = setTimeout(() => reject(error), caseDeadlineMs);
  });
  try {
    const figures = await Promise.race([fault.run(lab), late]);
    const { lost = 0, doubled = 0 } = figures;
    if (lost + doubled > 0) throw new LossError(figures);
    return { fault: fault.fault, name, outcome: 'passed', figures };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const figures = error instanceof LossError ? error.figures : undefined;
    return { fault: fault.fault, name, outcome: 'failed', why, ...(figures ? { figures } : {}) };
  } finally {
    clearTimeout(timer);
  }
}

class LossError extends Error {
  override readonly name = 'LossError';
  readonly figures: Awaited<ReturnType<FaultCase['run']>>;

  constructor(figures: Awaited<ReturnType<FaultCase['run']>>) {
    super(`${figures.lost ?? 0} records were lost and ${figures.doubled ?? 0} doubled`);
    this.figures = figures;
  }
}

process.exitCode = await main(process.argv.slice(2));
