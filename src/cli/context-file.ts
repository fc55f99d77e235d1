import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonValue } from '@bufbuild/protobuf';
import { parse, stringify } from 'yaml';
import type { Environment } from '../config.js';
import { CommandError, exitCode } from './exit-code.js';
import { isObject } from './message-reader.js';
import { didYouMean } from './nearest.js';

/** One service that somebody works with, under a name. */
export interface Context {
  readonly url: string;
  /** Absolute path of a file as `--token-file` takes it. */
  readonly tokenFile?: string;
  /** A token that is kept here itself; never together with a file. */
  readonly token?: string;
  /** Absolute path. */
  readonly caFile?: string;
}

/** All contexts of a person. */
export interface Contexts {
  /** Name of the one that is used unless another is asked for. */
  readonly current?: string;
  readonly contexts: ReadonlyMap<string, Context>;
}

/** Where the contexts are kept, or undefined for a process without a home. */
export function contextFile(env: Environment): string | undefined {
  // An empty or relative path counts as not set, says the specification.
  const xdg = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : undefined;
  const home = xdg ?? (env.HOME ? join(env.HOME, '.config') : undefined);
  return home === undefined ? undefined : join(home, 'predictd', 'contexts.yaml');
}

/** What is kept, which may be nothing. Throws a usage error if the file is not ours to trust. */
export function readContexts(env: Environment): Contexts {
  const file = contextFile(env);
  const text = file === undefined ? undefined : readPrivate(file);
  if (file === undefined || text === undefined) return { contexts: new Map() };
  try {
    return contextsOf(parse(text) ?? {});
  } catch {
    // What the parser quotes may be a token.
    throw new CommandError(`${file} does not hold contexts as this program writes them`, {
      hint: 'move it away and make the contexts anew with: predictd context set NAME --url URL',
    });
  }
}

/** Replaces what is kept. The file is only ever readable by its owner, and whole. */
export function writeContexts(env: Environment, { current, contexts }: Contexts): void {
  const file = contextFile(env);
  if (file === undefined) throw new CommandError('neither XDG_CONFIG_HOME nor HOME is set');
  const content = { ...(current && { current }), contexts: Object.fromEntries(contexts) };
  withFile(file, 'written', () => replaceFile(file, stringify(content)));
}

function replaceFile(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The work of `sudo -u`, say, which may leave HOME what it was. */
function withFile<T>(file: string, done: 'read' | 'written', work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new CommandError(`${file} cannot be ${done} (${error.code})`, {
      hint: 'set HOME, or XDG_CONFIG_HOME, to a directory of yours; --url does without contexts',
    });
  }
}

/** A context by its name. Throws, with the nearest name, if there is none. */
export function contextNamed({ contexts }: Contexts, name: string, origin: string): Context {
  const found = contexts.get(name);
  if (found !== undefined) return found;
  const near = didYouMean(name, [...contexts.keys()]);
  throw new CommandError(`${origin}: there is no context ${name}${near}`, {
    exitCode: exitCode.notFound,
    hint: `make it with: predictd context set ${name} --url URL --token-file FILE`,
  });
}

function readPrivate(file: string): string | undefined {
  const mode = withFile(file, 'read', () => statSync(file, { throwIfNoEntry: false })?.mode);
  if (mode === undefined) return undefined;
  if ((mode & 0o077) !== 0) {
    throw new CommandError(`${file} may hold tokens, and others may read or write it`, {
      hint: `run: chmod 600 ${file}`,
    });
  }
  return withFile(file, 'read', () => readFileSync(file, 'utf8'));
}

function contextsOf(content: JsonValue): Contexts {
  if (!isObject(content)) throw new TypeError('no object');
  const { current, contexts = {} } = content;
  if (!isObject(contexts)) throw new TypeError('no contexts');
  return {
    ...(typeof current === 'string' && { current }),
    contexts: new Map(Object.entries(contexts).map(([name, it]) => [name, contextOf(it)])),
  };
}

function contextOf(content: JsonValue): Context {
  if (!isObject(content) || typeof content.url !== 'string') throw new TypeError('no URL');
  const { url, tokenFile, token, caFile } = content;
  return {
    url,
    ...(typeof tokenFile === 'string' && { tokenFile }),
    ...(typeof token === 'string' && { token }),
    ...(typeof caFile === 'string' && { caFile }),
  };
}
