import { type Command, Option } from 'commander';
import { type Flags, loadServeConfig, serveSettings, variableOf } from '../config.js';
import { CommandError, exitCode } from './exit-code.js';
import type { Shell } from './invocation.js';
import type { Setting } from './setting.js';

/** Adds `serve`, which runs the service in this process. */
export function addServeCommand(program: Command, shell: Shell): void {
  const command = program
    .command('serve')
    .summary('run the service')
    .description(
      'Runs the service in the foreground. When ready it prints one line to stdout that ends with\n' +
        '"listening on URL". On an empty --data DIR it makes the user admin and writes its token to\n' +
        'DIR/admin.json. SIGTERM drains; a second one ends at once.',
    )
    .option('--config <FILE>', 'settings in YAML, one a line, by the names of the flags')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', help);
  for (const setting of serveSettings) addFlags(command, setting);
  command.action(async () => {
    refuseClientFlags(command);
    const config = loadServeConfig(flagsOf(command), shell.terminal.env);
    for (const warning of config.warnings) shell.terminal.stderr.write(`warning: ${warning}\n`);
    shell.attempt = { action: 'serve', url: '' };
    // Loaded here alone: the other commands start faster without the service.
    const { serve } = await import('../serve.js');
    await serve(config);
  });
}

function addFlags(command: Command, { flag, kind, value, help, initial }: Setting): void {
  const shown = initial === undefined || initial === 'false' ? '' : ` (default: ${initial})`;
  const text = `${help}${shown}`;
  if (kind === 'switch') {
    command
      .option(`--${flag}`, text)
      .addOption(new Option(`--no-${flag}`).hideHelp(initial !== 'true'));
  } else if (kind === 'many') {
    command.option(`--${flag} <${value}>`, text, (given: string, before: string[] = []) => [
      ...before,
      given,
    ]);
  } else {
    command.option(`--${flag} <${value}>`, text);
  }
}

function flagsOf(command: Command): Flags {
  const given: Record<string, string | boolean | string[]> = command.opts();
  const entries = ['config', ...serveSettings.map(({ flag }) => flag)].map(
    (flag) => [flag, given[camelCase(flag)]] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function camelCase(flag: string): string {
  return flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Flags of clients would be taken without effect, for example a token that protects nothing. */
function refuseClientFlags(command: Command): void {
  const program = command.parent;
  const given = program?.options.find(
    (option) => program.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given === undefined) return;
  throw new CommandError(`${given.long} is for commands that call the service, not for serve`, {
    exitCode: exitCode.usage,
  });
}

const help = `
Each setting is a flag, a variable or a line of the config file; the first of these that is there
counts. The variable of --tasks-max is ${variableOf('tasks-max')}, its line \`tasks-max: 8\`.
Lists are separated by commas, or YAML lists. All faults are reported at once.

Examples:
  predictd serve --data ./data --brokers 127.0.0.1:9092
  predictd serve --data /var/lib/predictd --listen 0.0.0.0:8443 --tls-cert c.pem --tls-key k.pem
  predictd serve --config predictd.yaml --log-level debug`;
