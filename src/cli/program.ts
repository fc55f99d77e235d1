import { Command, Option } from 'commander';
import { addBackupCommands } from './backup-commands.js';
import { addCompletionCommand } from './completion.js';
import { addContextCommands } from './context-commands.js';
import { addDeadLetterCommands } from './dead-letter-commands.js';
import { defaultUrl } from './destination.js';
import { addDoctorCommand } from './doctor-command.js';
import { addExecutionCommands } from './execution-commands.js';
import { exitCodeHelp } from './exit-code.js';
import type { Shell } from './invocation.js';
import { addLogCommand } from './log-command.js';
import { addLogLevelCommand } from './log-level-command.js';
import { addModelCommands } from './model-commands.js';
import { didYouMean } from './nearest.js';
import { formats, printJson } from './output.js';
import { addServeCommand } from './serve-command.js';
import { addTargetCommands } from './target-commands.js';
import { addTaskCommands } from './task-commands.js';
import { addTaskDefinitionCommands } from './task-definition-commands.js';
import { addTaskModelCommands } from './task-model-commands.js';
import { addUserCommands } from './user-commands.js';
import { packageVersion } from './version.js';
import { addWatchCommand } from './watch-command.js';

/** The whole command line. Parsing it runs a command, which leaves its result in the shell. */
export function createProgram(shell: Shell): Command {
  const { stdout, stderr } = shell.terminal;
  const program = new Command('predictd')
    .description('Predicts Kafka topics with models, as tasks that you define, start and watch.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .helpCommand(false);
  addClientOptions(program);
  program.addHelpText('after', `\n${examples}\n\n${exitCodeHelp}`);

  addServeCommand(program, shell);
  const tasks = group(program, 'tasks', 'define, start, watch and stop tasks');
  addTaskDefinitionCommands(tasks, shell);
  addTaskCommands(tasks, shell);
  addTaskModelCommands(tasks, shell);
  addWatchCommand(tasks, shell);
  addLogCommand(tasks, shell);
  addWatchCommand(program, shell);
  addLogCommand(program, shell);
  addExecutionCommands(group(program, 'executions', 'look at the runs of tasks'), shell);
  const deadLetters = group(program, 'dead-letters', 'look at records that could not be scored');
  addDeadLetterCommands(deadLetters, shell);
  addModelCommands(group(program, 'models', 'upload models and try them out'), shell);
  addUserCommands(
    group(program, 'users', 'make and delete users, reset their credentials (admin)'),
    shell,
  );
  addTargetCommands(group(program, 'targets', 'make and delete templates (admin)'), shell);
  addDoctorCommand(program, shell);
  addBackupCommands(program, shell);
  addLogLevelCommand(program, shell);
  addContextCommands(group(program, 'context', 'keep several services under names'), shell);
  addVersionCommand(program, shell);
  addCompletionCommand(program, shell);
  addHelpCommand(program);
  return program;
}

function addClientOptions(program: Command): void {
  program
    .option('--context <NAME>', 'service that you keep under a name; PREDICTD_CONTEXT')
    .option('--url <URL>', `the service; PREDICTD_URL (default: ${defaultUrl})`)
    .option('--token-file <FILE>', 'file with your token, or admin.json; else PREDICTD_TOKEN')
    .option('--ca-file <FILE>', 'PEM of the authority of an https service; PREDICTD_CA_FILE')
    .option('--user <NAME>', "act on another user's tasks and models (admin)")
    .option('--timeout <DURATION>', 'give up after this time, such as 30s or 5m')
    .addOption(
      new Option('-o, --output <FORMAT>', 'how data is written').choices(formats).default('table'),
    );
}

function group(program: Command, name: string, summary: string): Command {
  const lines = (groupExamples[name] ?? []).map((line) => `  ${line}`);
  return program
    .command(name)
    .summary(summary)
    .description(`Commands that ${summary}.`)
    .addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** Commander's own takes one word, and our commands have two. */
function addHelpCommand(program: Command): void {
  program
    .command('help [command...]')
    .summary('show the help of a command')
    .addHelpText('after', '\nExample:\n  predictd help tasks start')
    .action((words: readonly string[]) => {
      let command = program;
      for (const word of words) {
        const inner = command.commands.find((it) => it.name() === word);
        if (inner === undefined) {
          const known = command.commands.map((it) => it.name());
          program.error(`error: unknown command '${words.join(' ')}'${didYouMean(word, known)}`);
        } else command = inner;
      }
      command.outputHelp();
    });
}

function addVersionCommand(program: Command, shell: Shell): void {
  program
    .command('version')
    .summary('print the version')
    .addHelpText('after', '\nExample:\n  predictd version -o json')
    .action((_options, command: Command) => {
      const { output } = command.optsWithGlobals();
      const { stdout } = shell.terminal;
      const version = packageVersion();
      if (output === 'table' || output === 'name') stdout.write(`predictd ${version}\n`);
      else printJson({ stdout, format: output }, { version, node: process.version });
    });
}

const groupExamples: Readonly<Record<string, readonly string[]>> = {
  tasks: [
    'predictd tasks create iris -f iris.yaml',
    'predictd tasks start iris --wait',
    'predictd tasks list -o json',
  ],
  executions: ['predictd executions list iris', 'predictd executions get iris 1'],
  'dead-letters': ['predictd dead-letters list iris', 'predictd dead-letters replay iris --all'],
  models: ['predictd models upload iris iris.onnx', 'predictd models get iris'],
  users: [
    'predictd users create alice --role operator -o json',
    'predictd users reset-credentials alice -o json',
  ],
  context: [
    'predictd context set test --url https://test:8443 --token-file test.json --ca-file ca.pem',
    'predictd context use test',
    'predictd tasks list --context test',
  ],
  targets: ['predictd targets create iris -f iris.yaml -o json'],
};

const examples = `Examples:
  predictd serve --data ./data --brokers 127.0.0.1:9092
  export PREDICTD_TOKEN=$(jq -r .token data/admin.json)
  predictd models upload iris iris.onnx
  predictd tasks create iris -f iris.yaml
  predictd tasks start iris --wait
  predictd watch

Data goes to stdout, talk to stderr. Secrets are never flags: they come from the environment, a file
or stdin. NO_COLOR turns colour off, TERM=dumb also lines that move.`;
