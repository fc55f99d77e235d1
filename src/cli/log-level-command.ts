import type { Command } from 'commander';
import { LogLevel } from '../../gen/ts/predictd/v1/admin_service_pb.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';

/** Adds `log-level`. */
export function addLogLevelCommand(program: Command, shell: Shell): void {
  const command = program
    .command('log-level [level]')
    .summary('tell or change how much the service logs (admin)')
    .description(
      `Prints how much the service logs now, or changes it at once, until the service ends: ${names.join(', ')}.`,
    )
    .addHelpText('after', '\nExample:\n  predictd log-level debug');
  callsService(shell, command, {
    action: ([level]) => (level === undefined ? 'read the log level' : `log at level ${level}`),
    run: async ({ service, call, terminal, say }, [name]) => {
      if (name === undefined) {
        const { level } = await service.admin.getLogLevel({}, call);
        terminal.stdout.write(`${nameOf(level)}\n`);
        return exitCode.ok;
      }
      const level = levels.get(name);
      if (level === undefined) {
        throw new CommandError(`${name} is no level; give one of ${names.join(', ')}`);
      }
      const { previousLevel } = await service.admin.setLogLevel({ level }, call);
      say(`logs at level ${name}, before at ${nameOf(previousLevel)}`);
      return exitCode.ok;
    },
  });
}

const levels = new Map<string, LogLevel>(
  Object.entries(LogLevel)
    .filter(([name]) => name !== 'UNSPECIFIED')
    .map(([name, level]) => [name.toLowerCase(), level]),
);
const names = [...levels.keys()];

function nameOf(level: LogLevel): string {
  return [...levels].find(([, one]) => one === level)?.[0] ?? String(level);
}
