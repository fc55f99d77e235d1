import type { Command } from 'commander';
import {
  GetLogLevelResponseSchema,
  LogLevel,
  SetLogLevelResponseSchema,
} from '../../gen/ts/predictd/v1/admin_service_pb.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';
import { printJson, toJson } from './output.js';

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
    run: async ({ service, call, sink, say }, [name]) => {
      const { stdout, format } = sink;
      const inWords = format === 'table' || format === 'name';
      if (name === undefined) {
        const answer = await service.admin.getLogLevel({}, call);
        if (inWords) stdout.write(`${nameOf(answer.level)}\n`);
        else printJson(sink, toJson(GetLogLevelResponseSchema, answer));
        return exitCode.ok;
      }
      const level = levels.get(name);
      if (level === undefined) {
        throw new CommandError(`${name} is no level; give one of ${names.join(', ')}`);
      }
      const answer = await service.admin.setLogLevel({ level }, call);
      if (!inWords) printJson(sink, toJson(SetLogLevelResponseSchema, answer));
      say(`logs at level ${name}, before at ${nameOf(answer.previousLevel)}`);
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
