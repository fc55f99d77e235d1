import { type Check, type Outcome, report, runCheck } from './check.js';
import { generatedChecks } from './generated.js';
import { languageChecks } from './languages.js';
import { toolChecks } from './tools.js';
import { startWorld, type World } from './world.js';

// Runs the SDKs' examples and the usual tools of gRPC against a real broker and the real service.
//
//   npm run test:sdk                 everything
//   npm run test:sdk -- go grpcurl   the checks whose name has one of these words

/** A stack is about ten lines. */
const LOG_LINES = 20;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);

process.exitCode = await main(process.argv.slice(2));

async function main(wanted: readonly string[]): Promise<number> {
  const all: readonly Check[] = [...generatedChecks, ...languageChecks, ...toolChecks];
  const checks = all.filter(({ name }) => {
    return wanted.length === 0 || wanted.some((word) => name.includes(word));
  });
  if (checks.length === 0) {
    say(`no check has ${wanted.join(' or ')} in its name; there are:`);
    for (const { name } of all) say(`  ${name}`);
    return 2;
  }
  await using world = await startWorld(say);
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    say(`… ${check.name}`);
    const outcome = await runCheck(check, world);
    if (outcome.result === 'failed') say(`${outcome.note}\n${serviceLog(world)}\n`);
    outcomes.push(outcome);
  }
  print(report(outcomes));
  return outcomes.some(({ result }) => result === 'failed') ? 1 : 0;
}

/** What the service said last, for a check that failed because of it. */
function serviceLog({ service }: World): string {
  const said = service.talk().trim().split('\n').slice(-LOG_LINES);
  return ['the service said last:', ...said].join('\n');
}
