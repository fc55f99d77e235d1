import { resolve } from 'node:path';
import type { Command } from 'commander';
import { RoleSchema } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { DomainError } from '../domain/errors.js';
import { confirm } from './confirm.js';
import { printCredentials, readPassword, shownOnce } from './credentials.js';
import { settleDestination } from './destination.js';
import { CommandError, exitCode } from './exit-code.js';
import { type ClientFlags, callService, type Shell } from './invocation.js';
import { lastPart, ownerName } from './resource-name.js';
import { word } from './wording.js';

interface Flags extends ClientFlags {
  readonly data?: string;
  readonly passwordStdin?: boolean;
  readonly yes?: boolean;
}

/** Adds `users reset-credentials`. */
export function addResetCredentials(users: Command, shell: Shell): void {
  const command = users
    .command('reset-credentials <name>')
    .summary('give a user a new token, password and secret key; me is yourself')
    .description(
      'Replaces the token, password and secret key of a user and shows the new ones, this once. The old ones\n' +
        'end at once, and with them what the user watches or uploads; tasks go on. On a terminal it asks first.\n' +
        'With --data it works on the data directory of a service that is stopped, and needs no token.\n' +
        'As json: {"name","role","password"?,"token","secretKey"}.',
    )
    .option('--password-stdin', 'read the new password from stdin instead of making one')
    .option('--data <DIR>', 'data directory of a stopped service on this machine')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd users reset-credentials alice -o json > alice.json\n' +
        '  predictd users reset-credentials me -o json > new.json && mv new.json token.json\n' +
        '  pass show alice | predictd users reset-credentials alice --password-stdin\n' +
        '  predictd users reset-credentials admin --data ./data   # the last admin token is lost',
    );
  command.action(async () => {
    const [typed = ''] = command.args;
    const flags = command.optsWithGlobals<Flags>();
    if (flags.output === 'name') {
      throw new CommandError('-o name would show none of the new credentials');
    }
    if (flags.data === undefined) await resetByService(shell, command, typed);
    else await resetInDirectory(shell, command, { ...flags, typed, data: resolve(flags.data) });
  });
}

function resetByService(shell: Shell, command: Command, typed: string): Promise<void> {
  return callService<Flags>(shell, command, {
    action: () => actionOn(typed),
    run: async ({ service, call, sink, say, terminal }, _args, flags) => {
      const name = ownerName(typed);
      const password = await askFor(shell, typed, flags);
      const me = await service.users.getUser({ name: 'users/me' }, call);
      const { user, ...shown } = await service.users.resetCredentials({ name, password }, call);
      const role = user ? word(RoleSchema, user.role).toLowerCase() : '';
      printCredentials(sink, { ...shown, name: lastPart(user?.name ?? ''), role });
      say(shownOnce);
      if (user?.name === me.name) say(oldToken(settleDestination(flags, terminal.env)));
      return exitCode.ok;
    },
  });
}

interface Offline extends Flags {
  readonly typed: string;
  readonly data: string;
}

async function resetInDirectory(shell: Shell, command: Command, flags: Offline): Promise<void> {
  const { typed, data } = flags;
  refuseService(command);
  if (ownerName(typed) === 'users/me') {
    throw new CommandError('with --data nobody is signed in, so that there is no me', {
      hint: 'give the name; that of the first admin is admin',
    });
  }
  // It waits for a person, so that Ctrl-C must count as with a service.
  shell.attempt = { action: actionOn(typed), url: data };
  const password = await askFor(shell, typed, flags);
  // Loaded here alone: the other commands start faster without it.
  const { resetOffline } = await import('../reset-offline.js');
  const reset = await resetOffline(data, { name: ownerName(typed), password }).catch(explain);
  const { user, ...shown } = reset;
  const { stdout, stderr } = shell.terminal;
  const role = user.role.toLowerCase();
  printCredentials({ stdout, format: flags.output }, { ...shown, name: user.name, role });
  stderr.write(`${shownOnce}\n`);
}

function actionOn(typed: string): string {
  return `reset the credentials of ${typed}`;
}

/** The new password, which is empty if one shall be made. Throws if somebody was asked and did not say yes. */
async function askFor(
  { terminal }: Shell,
  typed: string,
  { yes, passwordStdin }: Flags,
): Promise<string> {
  const whose =
    ownerName(typed) === 'users/me' ? 'your credentials' : `the credentials of ${typed}`;
  if (!yes && !passwordStdin && !(await confirm(terminal, `Reset ${whose}?`))) {
    throw new CommandError('not confirmed', { exitCode: exitCode.failed });
  }
  return passwordStdin ? readPassword(terminal) : '';
}

/** Whoever resets oneself is signed out by it: where the token is that is good for nothing now. */
function oldToken({ credential, context }: ReturnType<typeof settleDestination>): string {
  if (credential === undefined) return '';
  const { value, origin } = credential;
  if (value.kind === 'file') {
    return `you are signed out: ${value.file} (${origin}) holds your old token; put the new one there`;
  }
  const kept = origin === `context ${context?.value}`;
  const how = kept ? `: predictd context set ${context?.value} --token-stdin, with its --url` : '';
  return `you are signed out: ${origin} holds your old token; replace it${how}`;
}

/** They would be taken without effect. */
function refuseService(command: Command): void {
  const given = ['context', 'url', 'tokenFile', 'caFile'].find(
    (flag) => command.getOptionValueSourceWithGlobals(flag) === 'cli',
  );
  if (given === undefined) return;
  throw new CommandError('--data is for a service that is stopped, and the other flags name one', {
    hint: 'leave out --data, or --context, --url, --token-file and --ca-file',
  });
}

function explain(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  const { message, code, metadata } = error;
  if (metadata.reason === 'DATA_DIRECTORY_IN_USE') {
    throw new CommandError(message, {
      exitCode: exitCode.conflict,
      hint: 'while the service runs, an admin resets credentials without --data',
    });
  }
  if (code === 'USER_NOT_FOUND') throw new CommandError(message, { exitCode: exitCode.notFound });
  if (code === 'INVALID_FIELD') throw new CommandError(message);
  throw error;
}
