import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { ListUsersResponseSchema, Role } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { confirm } from './confirm.js';
import { printCredentials, readPassword, shownOnce } from './credentials.js';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';
import { printJson, printList, printOne } from './output.js';
import { allPages, pageSize } from './pages.js';
import { readFlag } from './read-flag.js';
import { addResetCredentials } from './reset-credentials-command.js';
import { lastPart, ownerName } from './resource-name.js';
import { oneOf } from './setting.js';
import { userView } from './user-view.js';

/** Adds `users create`, `list`, `get`, `reset-credentials` and `delete`. */
export function addUserCommands(users: Command, shell: Shell): void {
  addCreate(users, shell);
  addList(users, shell);
  addGet(users, shell);
  addResetCredentials(users, shell);
  addDelete(users, shell);
}

interface CreateOptions {
  readonly role: string;
  readonly passwordStdin?: boolean;
  readonly project?: readonly string[];
}

function addCreate(users: Command, shell: Shell): void {
  const command = users
    .command('create <name>')
    .summary('make a user with a new token')
    .description(
      'Makes a user and shows its password (unless you chose it), token and secret key, this once.\n' +
        'As json: {"name","role","password"?,"token","secretKey"}.',
    )
    .requiredOption('--role <role>', `what it may do: ${roleNames.join(', ')}`)
    .option('--password-stdin', 'read its password from stdin instead of making one')
    .option('--project <uuid...>', 'project whose KandaSearch tasks it may read; repeatable')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd users create alice --role operator\n' +
        '  predictd users create alice --role operator -o json > alice.json\n' +
        '  pass show alice | predictd users create alice --role viewer --password-stdin',
    );
  callsService<CreateOptions>(shell, command, {
    action: ([name]) => `create user ${name}`,
    run: async ({ service, call, sink, say, terminal }, [userId = ''], options) => {
      const role = readRole(options.role);
      const password = options.passwordStdin ? await readPassword(terminal) : '';
      const request = {
        userId,
        role: roles[role],
        password,
        projects: [...(options.project ?? [])],
      };
      const { user, ...shown } = await service.users.createUser(request, call);
      printCredentials(sink, { ...shown, name: lastPart(user?.name ?? ''), role });
      say(shownOnce);
      return exitCode.ok;
    },
  });
}

function addList(users: Command, shell: Shell): void {
  const command = users
    .command('list')
    .summary('list users')
    .addHelpText('after', '\nExample:\n  predictd users list');
  callsService(shell, command, {
    action: () => 'list users',
    run: async ({ service, call, sink }) => {
      const items = await allPages(
        (pageToken) => service.users.listUsers({ pageSize, pageToken }, call),
        (page) => page.users,
      );
      const whole = create(ListUsersResponseSchema, { users: items });
      printList(sink, userView, { items, schema: ListUsersResponseSchema, whole });
      return exitCode.ok;
    },
  });
}

function addGet(users: Command, shell: Shell): void {
  const command = users
    .command('get <name>')
    .summary('show a user; me is yourself')
    .addHelpText('after', '\nExample:\n  predictd users get me');
  callsService(shell, command, {
    action: ([name]) => `get user ${name}`,
    run: async ({ service, call, sink }, [typed]) => {
      const name = ownerName(typed);
      printOne(sink, userView, await service.users.getUser({ name }, call), 'pairs');
      return exitCode.ok;
    },
  });
}

function addDelete(users: Command, shell: Shell): void {
  const command = users
    .command('delete <name>')
    .summary('delete a user without tasks and models')
    .description('Deletes a user. On a terminal it asks first. A script is not asked.')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  predictd users delete alice --yes');
  callsService<{ yes?: boolean }>(shell, command, {
    action: ([name]) => `delete user ${name}`,
    run: async ({ service, call, sink, say, terminal }, [typed = ''], { yes }) => {
      const name = ownerName(typed);
      if (!yes && !(await confirm(terminal, `Delete user ${typed}?`))) {
        throw new CommandError('not confirmed', { exitCode: exitCode.failed });
      }
      await service.users.deleteUser({ name }, call);
      if (sink.format === 'name') sink.stdout.write(`${name}\n`);
      else if (sink.format !== 'table') printJson(sink, {});
      say(`deleted ${typed}`);
      return exitCode.ok;
    },
  });
}

const roles = { admin: Role.ADMIN, operator: Role.OPERATOR, viewer: Role.VIEWER } as const;
const roleNames = ['admin', 'operator', 'viewer'] as const;

function readRole(text: string): (typeof roleNames)[number] {
  return readFlag('--role', text.toLowerCase().replace(/^role_/, ''), oneOf(roleNames));
}
