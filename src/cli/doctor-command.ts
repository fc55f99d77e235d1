import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Check, type Finding, type Outcome, runChecks } from '../doctor/finding.js';
import { connectTo, serviceUrl } from './connection.js';
import { defaultUrl, settleDestination } from './destination.js';
import { CommandError, type ExitCode, exitCode } from './exit-code.js';
import { explainFailure } from './failure.js';
import type { ClientFlags, Shell } from './invocation.js';
import { type Format, printItems } from './output.js';
import { readFlag } from './read-flag.js';
import { broker } from './setting.js';
import type { Tone } from './table.js';
import { taskChecks } from './task-checks.js';
import { harmless, isLively, rejection } from './terminal.js';

interface DoctorFlags extends ClientFlags {
  readonly data?: string;
  readonly brokers?: readonly string[];
  readonly schemaRegistry?: string;
  readonly service: boolean;
}

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, shell: Shell): void {
  const command = program
    .command('doctor [task]')
    .summary('find out what is wrong, here, with the service and with a task')
    .description(
      'Looks at this machine, the service and, with a name, a task: its model, its topics and what it may do\n' +
        'there, tried by the service with one record. With --data also at that data directory, with --brokers\n' +
        'at these brokers from here. Nothing is changed. Exit code 1 if something failed.',
    )
    .option('--data <DIR>', 'data directory of a service on this machine')
    .option('--brokers <HOST:PORT,…>', 'brokers as serve is given them', (given: string) =>
      given.split(','),
    )
    .option('--schema-registry <URL>', 'schema registry of tasks')
    .option('--no-service', 'leave the service out')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd doctor\n' +
        '  predictd doctor iris\n' +
        '  predictd doctor --no-service --data ./data --brokers 127.0.0.1:9092\n' +
        '  predictd doctor -o json | jq \'.findings[] | select(.outcome == "failed")\'',
    );
  command.action(async (task: string | undefined) => {
    const flags = command.optsWithGlobals<DoctorFlags>();
    shell.attempt = { action: 'examine', url: '' };
    if (task !== undefined && !flags.service) {
      throw new CommandError('--no-service leaves out what a task needs');
    }
    shell.exitCode = await examine(shell, flags, task);
  });
}

async function examine(
  shell: Shell,
  flags: DoctorFlags,
  task: string | undefined,
): Promise<ExitCode> {
  const { env } = shell.terminal;
  const brokers = (flags.brokers ?? []).map((text) => readFlag('--brokers', text.trim(), broker));
  // Whoever leaves the service out need not say where it is.
  const destination = settleDestination(flags.service ? flags : { url: defaultUrl }, env);
  const url = serviceUrl(destination.url);
  const tokenFrom = destination.credential?.origin;
  shell.attempt = { ...shell.attempt, url, tokenFrom };
  const connection = flags.service ? connectTo(destination) : undefined;
  try {
    const asked = connection ? taskChecks(connection, { user: flags.user, task }) : [];
    const caFile = destination.caFile?.value;
    const checks = await checksOf({ ...flags, brokers, url, caFile, asked });
    const findings = await run(shell, checks);
    print(shell, findings, flags.output);
    return findings.some(({ outcome }) => outcome === 'failed') ? exitCode.failed : exitCode.ok;
  } finally {
    connection?.close();
  }
}

interface About {
  readonly data?: string;
  readonly brokers: readonly string[];
  readonly schemaRegistry?: string;
  readonly service: boolean;
  readonly url: string;
  readonly caFile: string | undefined;
  /** What is asked of the service if it answers. */
  readonly asked: readonly Check[];
}

/** Loaded here alone: the other commands start faster without Kafka and SQLite. */
async function checksOf(about: About): Promise<readonly Check[]> {
  const { data, brokers, schemaRegistry, service, url, caFile, asked } = about;
  const [{ machineChecks }, { registryCheck, serviceChecks }] = await Promise.all([
    import('../doctor/machine.js'),
    import('../doctor/web.js'),
  ]);
  const kafka =
    brokers.length > 0 ? (await import('../doctor/brokers.js')).brokerChecks(brokers) : [];
  const registry =
    schemaRegistry === undefined
      ? []
      : [
          registryCheck({
            url: serviceUrl({ value: schemaRegistry, origin: '--schema-registry' }),
          }),
        ];
  const ofService = serviceChecks({ url, caFile });
  return [
    ...machineChecks(data === undefined ? undefined : resolve(data)),
    ...kafka,
    ...registry,
    ...(service ? [...ofService.checks, ...asked.map(ofService.ifAnswered)] : []),
  ];
}

async function run(
  { terminal, attempt }: Shell,
  checks: readonly Check[],
): Promise<readonly Finding[]> {
  const { stderr, env } = terminal;
  const lively = isLively(stderr, env);
  const signal = terminal.interruption();
  const interrupted = rejection(signal);
  const shown = checks.map((check) => ({
    ...check,
    look: () => {
      signal.throwIfAborted();
      if (lively) stderr.write(`\r\u001b[Klooking at: ${check.subject}`);
      return Promise.race([check.look(), interrupted]);
    },
  }));
  const findings = await runChecks(shown, (error) => {
    const { message, hint = '' } = explainFailure(error, attempt);
    return { detail: message, hint };
  });
  if (lively) stderr.write('\r\u001b[K');
  signal.throwIfAborted();
  return findings;
}

function print({ terminal }: Shell, findings: readonly Finding[], format: Format): void {
  const { stdout, stderr, env } = terminal;
  const failed = findings.filter(({ outcome }) => outcome === 'failed').length;
  printItems(
    { stdout, env, format },
    {
      items: findings,
      name: ({ subject }) => subject,
      columns: [
        { title: 'CHECK', text: ({ subject }) => subject },
        { title: 'RESULT', text: ({ outcome }) => outcome, tone: ({ outcome }) => tones[outcome] },
        { title: 'WHAT WAS FOUND', text: ({ detail }) => detail },
      ],
      json: (it) => ({ ...it }),
      whole: () => ({ failed, findings: findings.map((it) => ({ ...it })) }),
    },
  );
  if (format !== 'table') return;
  for (const { subject, hint } of findings) {
    if (hint !== '') stderr.write(`hint for ${subject}: ${harmless(hint)}\n`);
  }
  stderr.write(
    failed === 0 ? 'nothing failed\n' : `${failed} of ${findings.length} checks failed\n`,
  );
}

const tones: Readonly<Record<Outcome, Tone>> = {
  ok: 'good',
  warning: 'warning',
  failed: 'bad',
  skipped: 'plain',
};
