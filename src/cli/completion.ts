import type { Command, Option } from 'commander';
import { connect } from './connection.js';
import { readContexts } from './context-file.js';
import type { ClientFlags, Shell } from './invocation.js';
import { lastPart, ownerName } from './resource-name.js';

/** Shells that words can be completed in. */
const shells = ['bash', 'zsh', 'fish'] as const;

/** Name of the hidden command that the shells' scripts ask for words. */
export const completeWord = '__complete';

/** Adds `completion`. */
export function addCompletionCommand(program: Command, shell: Shell): void {
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .argument('<shell>', shells.join(', '))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  source <(predictd completion bash)\n' +
        '  predictd completion zsh > ~/.zsh/completions/_predictd\n' +
        '  predictd completion fish > ~/.config/fish/completions/predictd.fish',
    )
    .action((name: string, _options, command: Command) => {
      const known = shells.find((it) => it === name);
      if (known === undefined) command.error(`error: ${name} is not one of ${shells.join(', ')}`);
      else shell.terminal.stdout.write(scripts[known]);
    });
}

/**
 * The words that may stand where the last of `words` is being typed: commands and flags from the
 * program itself, names from the service. None if they cannot be found out, whatever the cause.
 */
export async function complete(
  program: Command,
  shell: Shell,
  words: readonly string[],
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const { command, operands, pending, flags } = walk(program, words.slice(0, -1));
  // Completion must not disturb what is being typed.
  const all = await candidates().catch(() => []);
  return all.filter((word) => word.startsWith(typed));

  async function candidates(): Promise<readonly string[]> {
    if (pending?.long === '--context') return contextNames();
    if (pending) return pending.argChoices ?? (pending.long === '--role' ? roles : []);
    if (typed.startsWith('-')) return flagsOf(command);
    const commands = command.commands.map((it) => it.name());
    if (commands.length > 0) return commands.filter((name) => name !== completeWord);
    if (command.name() === 'completion') return operands === 0 ? shells : [];
    if (operands === 1 && ofModel.includes(command.name())) {
      return namesFromService('models', flags);
    }
    return operands === 0 ? names(command, flags) : [];
  }

  function contextNames(): readonly string[] {
    return [...readContexts(shell.terminal.env).contexts.keys()];
  }

  async function names(command: Command, flags: ClientFlags): Promise<readonly string[]> {
    if (makesNew.includes(command.name())) return [];
    const kind = ofTask.includes(command.name()) ? 'tasks' : command.parent?.name();
    if (kind === 'context') return command.registeredArguments.length > 0 ? contextNames() : [];
    return namesFromService(kind ?? '', flags);
  }

  async function namesFromService(kind: string, flags: ClientFlags): Promise<readonly string[]> {
    const service = connect(flags, shell.terminal.env);
    const call = { timeoutMs: COMPLETE_MS };
    const parent = ownerName(flags.user);
    const page = { parent, pageSize: 1_000 };
    try {
      if (ofTasks.includes(kind)) {
        return (await service.tasks.listTasks(page, call)).tasks.map((it) => lastPart(it.name));
      }
      if (kind === 'models') {
        return (await service.models.listModels(page, call)).models.map((it) => lastPart(it.name));
      }
      if (kind !== 'users') return [];
      const { users } = await service.users.listUsers({ pageSize: 1_000 }, call);
      return users.map((it) => lastPart(it.name));
    } finally {
      service.close();
    }
  }
}

/** Whoever presses TAB waits for it. */
const COMPLETE_MS = 2_000;
const roles = ['admin', 'operator', 'viewer'];
/** Groups whose commands take the name of a task. */
const ofTasks: readonly string[] = ['tasks', 'executions', 'dead-letters'];
/** Commands, outside of those groups too, that take the name of a task. */
const ofTask: readonly string[] = ['logs', 'watch', 'doctor'];
/** Their second argument is the name of a model. */
const ofModel: readonly string[] = ['swap-model', 'shadow-model'];
/** Their first argument is a name that does not exist yet. */
const makesNew: readonly string[] = ['create', 'upload'];

interface Position {
  readonly command: Command;
  /** Arguments before the word that is being typed. */
  readonly operands: number;
  /** The flag whose value is being typed. */
  readonly pending: Option | undefined;
  readonly flags: ClientFlags;
}

function walk(program: Command, words: readonly string[]): Position {
  let command = program;
  let operands = 0;
  let pending: Option | undefined;
  const flags: Record<string, string> = {};
  for (const word of words) {
    const option = word.startsWith('-') ? findOption(command, word.split('=')[0] ?? '') : undefined;
    if (pending) {
      flags[pending.attributeName()] = word;
      pending = undefined;
    } else if (option) {
      const takesNext = option.required && !word.includes('=');
      if (takesNext) pending = option;
      else flags[option.attributeName()] = word.slice(word.indexOf('=') + 1);
    } else if (!word.startsWith('-') || word === '-') {
      const inner = command.commands.find((it) => it.name() === word);
      if (inner) command = inner;
      else operands++;
    }
  }
  return { command, operands, pending, flags: { output: 'table', ...flags } };
}

function findOption(command: Command, flag: string): Option | undefined {
  for (let it: Command | null = command; it; it = it.parent) {
    const found = it.options.find(({ long, short }) => long === flag || short === flag);
    if (found) return found;
  }
  return undefined;
}

function flagsOf(command: Command): readonly string[] {
  const flags: string[] = ['--help'];
  for (let it: Command | null = command; it; it = it.parent) {
    flags.push(...it.options.filter(({ hidden }) => !hidden).map(({ long }) => long ?? ''));
  }
  return flags.filter((flag) => flag !== '');
}

const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `_predictd() {
  local IFS=$'\\n'
  COMPREPLY=($(predictd ${completeWord} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _predictd predictd
`,
  zsh: `#compdef predictd
_predictd() {
  local -a found
  found=("\${(@f)$(predictd ${completeWord} -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[*]}" ]]; then compadd -- $found; else _files; fi
}
# As an autoloaded file this runs at the first completion, which it must then answer.
if [[ $funcstack[1] == _predictd ]]; then _predictd "$@"; else compdef _predictd predictd; fi
`,
  fish: `function __predictd_complete
  set -l before (commandline -opc)
  set -l typed (commandline -ct)
  set -l found (predictd ${completeWord} -- $before[2..-1] "$typed" 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path "$typed"
  end
end
complete -c predictd -f -a '(__predictd_complete)'
`,
};
