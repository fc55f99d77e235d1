import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readText, serviceUrl, tokenOfFile, tokenOfText } from './connection.js';
import {
  type Context,
  type Contexts,
  contextFile,
  contextNamed,
  readContexts,
  writeContexts,
} from './context-file.js';
import { defaultUrl, settleDestination } from './destination.js';
import { CommandError } from './exit-code.js';
import type { ClientFlags, Shell } from './invocation.js';
import { printItems, printJson } from './output.js';
import { readInput } from './read-input.js';
import { renderPairs } from './table.js';

/** Adds `context set`, `use`, `list`, `show` and `remove`. They call no service. */
export function addContextCommands(contexts: Command, shell: Shell): void {
  addSet(contexts, shell);
  addUse(contexts, shell);
  addList(contexts, shell);
  addShow(contexts, shell);
  addRemove(contexts, shell);
}

interface SetFlags extends ClientFlags {
  readonly tokenStdin?: boolean;
}

function addSet(contexts: Command, shell: Shell): void {
  const command = contexts
    .command('set <name>')
    .summary('keep a service under a name')
    .description(
      'Keeps --url and the paths of --token-file and --ca-file under a name, in place of what was kept\n' +
        'under it. The first one is used from then on. With --token-stdin the token itself is kept, in a\n' +
        'file that only you can read.',
    )
    .option('--token-stdin', 'keep the token, or that of the JSON of users create, from stdin')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd context set local --token-file data/admin.json\n' +
        '  predictd context set prod --url https://predict.example.org --ca-file ca.pem --token-stdin < ann.json',
    );
  onContexts<SetFlags>(shell, command, async ({ contexts, current }, [name = ''], flags) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
      throw new CommandError(`${JSON.stringify(name)} is no name of a context`, {
        hint: 'use up to 64 of a-z A-Z 0-9 . _ - and begin with a letter or digit',
      });
    }
    const context = await contextOf(shell, flags);
    const used = current ?? name;
    writeContexts(shell.terminal.env, {
      current: used,
      contexts: new Map(contexts).set(name, context),
    });
    const next = used === name ? 'it is used' : `use it with: predictd context use ${name}`;
    return `kept ${name}, ${context.url}; ${next}`;
  });
}

/** What cannot work is refused now, not by the first command that uses it. */
async function contextOf({ terminal }: Shell, flags: SetFlags): Promise<Context> {
  const { url = defaultUrl, tokenFile, caFile, tokenStdin } = flags;
  if (tokenStdin && tokenFile !== undefined) {
    throw new CommandError('--token-stdin and --token-file exclude each other');
  }
  if (tokenStdin && terminal.stdin.isTTY) {
    throw new CommandError('--token-stdin: what is typed here would be seen', {
      hint: 'pipe the token in, or give --token-file FILE',
    });
  }
  if (tokenFile !== undefined) tokenOfFile(tokenFile, '--token-file');
  if (caFile !== undefined) readText(caFile, '--ca-file');
  const text = tokenStdin ? await readInput(terminal, '-', TOKEN_BYTES_MAX) : undefined;
  return {
    url: serviceUrl({ value: url, origin: '--url' }),
    ...(tokenFile !== undefined && { tokenFile: resolve(tokenFile) }),
    ...(text !== undefined && { token: tokenOfText(text, '--token-stdin: stdin') }),
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
  };
}

/** The JSON of a user with all of its projects is shorter. */
const TOKEN_BYTES_MAX = 64 * 1024;

function addUse(contexts: Command, shell: Shell): void {
  const command = contexts
    .command('use <name>')
    .summary('call this service from now on')
    .addHelpText('after', '\nExample:\n  predictd context use prod');
  onContexts(shell, command, async (kept, [name = '']) => {
    const { url } = contextNamed(kept, name, 'context use');
    writeContexts(shell.terminal.env, { ...kept, current: name });
    return `using ${name}, ${url}`;
  });
}

function addList(contexts: Command, shell: Shell): void {
  const command = contexts
    .command('list')
    .summary('list the services that are kept')
    .addHelpText('after', '\nExample:\n  predictd context list');
  onContexts(shell, command, async ({ contexts, current }, _args, { output }) => {
    const { stdout, env } = shell.terminal;
    const all = [...contexts].map(([name, context]) => shown(name, context, name === current));
    printItems(
      { stdout, env, format: output },
      {
        items: all,
        name: ({ name }) => name,
        columns: [
          { title: '', text: ({ current }) => (current ? '*' : ' ') },
          { title: 'NAME', text: ({ name }) => name },
          { title: 'URL', text: ({ url }) => url },
          { title: 'TOKEN', text: ({ token }) => token },
          { title: 'AUTHORITY', text: ({ caFile }) => caFile },
        ],
        json: (it) => it,
        whole: () => ({ contexts: all }),
      },
    );
    return all.length === 0
      ? 'no contexts; make one with: predictd context set NAME --url URL'
      : '';
  });
}

/** A context without its secret. */
function shown(name: string, { url, token, tokenFile, caFile = '' }: Context, current: boolean) {
  return { name, current, url, token: tokenFile ?? (token === undefined ? '' : 'kept'), caFile };
}

function addShow(contexts: Command, shell: Shell): void {
  const command = contexts
    .command('show')
    .summary('show what is called now, and what says so')
    .description(
      'Shows where commands go with the present flags and variables, and where each part came from.\n' +
        'Flags (--context among them) come before variables, these before the current context.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  predictd context show\n  predictd context show --context prod -o json',
    );
  onContexts<ClientFlags>(shell, command, async (_kept, _args, flags) => {
    const { stdout, env } = shell.terminal;
    const { context, url, credential, caFile } = settleDestination(flags, env);
    const token = credential?.value.kind === 'file' ? credential.value.file : 'set';
    const all = {
      context: { value: context?.value ?? '', origin: context?.origin ?? '' },
      url: { value: serviceUrl(url), origin: url.origin },
      token: { value: credential ? token : '', origin: credential?.origin ?? '' },
      caFile: { value: caFile?.value ?? '', origin: caFile?.origin ?? '' },
      file: { value: contextFile(env) ?? '', origin: '' },
    };
    const said = ({ value, origin }: { value: string; origin: string }) =>
      origin === '' ? value : `${value} (${origin})`;
    if (flags.output === 'name') stdout.write(`${all.context.value}\n`);
    else if (flags.output !== 'table') printJson({ stdout, format: flags.output }, all);
    else {
      stdout.write(
        renderPairs([
          ['Context', said(all.context)],
          ['URL', said(all.url)],
          ['Token', said(all.token)],
          ['Authority', said(all.caFile)],
          ['Kept in', all.file.value],
        ]),
      );
    }
    return '';
  });
}

function addRemove(contexts: Command, shell: Shell): void {
  const command = contexts
    .command('remove <name>')
    .summary('forget a service')
    .addHelpText('after', '\nExample:\n  predictd context remove test');
  onContexts(shell, command, async (kept, [name = '']) => {
    contextNamed(kept, name, 'context remove');
    const contexts = new Map(kept.contexts);
    contexts.delete(name);
    const { current } = kept;
    writeContexts(shell.terminal.env, {
      contexts,
      ...(current !== undefined && current !== name && { current }),
    });
    return current === name ? `forgot ${name}; no context is used now` : `forgot ${name}`;
  });
}

/** Makes a command work on what is kept; what it answers is said on stderr. */
function onContexts<F extends ClientFlags>(
  shell: Shell,
  command: Command,
  run: (kept: Contexts, args: readonly string[], flags: F) => Promise<string>,
): void {
  command.action(async () => {
    const kept = readContexts(shell.terminal.env);
    const said = await run(kept, command.args, command.optsWithGlobals<F>());
    if (said !== '') shell.terminal.stderr.write(`${said}\n`);
  });
}
