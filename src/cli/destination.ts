import type { Environment } from '../config.js';
import { type Context, type Contexts, contextNamed, readContexts } from './context-file.js';

/** Flags that say where the service is and who calls. */
export interface ConnectionFlags {
  readonly context?: string;
  readonly url?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
}

/** A value and what set it, in words for people. */
export interface Settled<T> {
  readonly value: T;
  readonly origin: string;
}

/** Who calls: a token, or the file that holds it. */
export type Credential =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'token'; readonly token: string };

/** Where the calls of a command go, and what set each part of that. */
export interface Destination {
  readonly context?: Settled<string>;
  readonly url: Settled<string>;
  readonly credential?: Settled<Credential>;
  readonly caFile?: Settled<string>;
}

/** Where a service listens that was not told otherwise. */
export const defaultUrl = 'http://127.0.0.1:8080';

/**
 * Settles where to call: flag over variable over context over default, where `--context` is a flag and
 * so comes before the variables. The token and the authority of a context are for its URL alone: they
 * are left out if the URL came from elsewhere.
 */
export function settleDestination(flags: ConnectionFlags, env: Environment): Destination {
  const chosen = chooseContext(flags, env);
  const url = settleUrl(flags, env, chosen);
  const own = chosen && chosen.context.url === url.value ? chosen : undefined;
  const credential = settleCredential(flags, env, own);
  const caFile = settleCaFile(flags, env, own);
  return {
    ...(chosen && { context: { value: chosen.name, origin: chosen.by } }),
    url,
    ...(credential && { credential }),
    ...(caFile && { caFile }),
  };
}

interface Chosen {
  readonly name: string;
  readonly context: Context;
  /** What chose it. */
  readonly by: string;
  /** Whether it comes before the variables. */
  readonly byFlag: boolean;
}

function chooseContext(flags: ConnectionFlags, env: Environment): Chosen | undefined {
  const asked = flags.context ?? (env.PREDICTD_CONTEXT || undefined);
  const by = flags.context === undefined ? 'PREDICTD_CONTEXT' : '--context';
  if (asked !== undefined) {
    const context = contextNamed(readContexts(env), asked, by);
    return { name: asked, context, by, byFlag: flags.context !== undefined };
  }
  // Scripts that say all by variables do not depend on what somebody once wrote to a file.
  if (flags.url !== undefined || env.PREDICTD_URL) return undefined;
  return currentOf(readContexts(env));
}

function currentOf(contexts: Contexts): Chosen | undefined {
  const { current } = contexts;
  if (current === undefined) return undefined;
  const context = contextNamed(contexts, current, 'the current context');
  return { name: current, context, by: 'the current context', byFlag: false };
}

function settleUrl(
  flags: ConnectionFlags,
  env: Environment,
  chosen: Chosen | undefined,
): Settled<string> {
  if (flags.url !== undefined) return { value: flags.url, origin: '--url' };
  const fromContext = chosen && { value: chosen.context.url, origin: `context ${chosen.name}` };
  if (fromContext && chosen.byFlag) return fromContext;
  if (env.PREDICTD_URL) return { value: env.PREDICTD_URL, origin: 'PREDICTD_URL' };
  return fromContext ?? { value: defaultUrl, origin: 'the default' };
}

function settleCredential(
  flags: ConnectionFlags,
  env: Environment,
  own: Chosen | undefined,
): Settled<Credential> | undefined {
  const ofContext = own && credentialOf(own);
  if (flags.tokenFile !== undefined) return fileAt(flags.tokenFile, '--token-file');
  if (ofContext && own.byFlag) return ofContext;
  if (env.PREDICTD_TOKEN) {
    const value: Credential = { kind: 'token', token: env.PREDICTD_TOKEN.trim() };
    return { value, origin: 'PREDICTD_TOKEN' };
  }
  if (env.PREDICTD_TOKEN_FILE) return fileAt(env.PREDICTD_TOKEN_FILE, 'PREDICTD_TOKEN_FILE');
  return ofContext;
}

function credentialOf({ name, context }: Chosen): Settled<Credential> | undefined {
  const origin = `context ${name}`;
  if (context.tokenFile !== undefined) return fileAt(context.tokenFile, origin);
  if (context.token === undefined) return undefined;
  return { value: { kind: 'token', token: context.token }, origin };
}

function fileAt(file: string, origin: string): Settled<Credential> {
  return { value: { kind: 'file', file }, origin };
}

function settleCaFile(
  flags: ConnectionFlags,
  env: Environment,
  own: Chosen | undefined,
): Settled<string> | undefined {
  if (flags.caFile !== undefined) return { value: flags.caFile, origin: '--ca-file' };
  const caFile = own?.context.caFile;
  const ofContext =
    caFile === undefined ? undefined : { value: caFile, origin: `context ${own?.name}` };
  if (ofContext && own?.byFlag) return ofContext;
  if (env.PREDICTD_CA_FILE) return { value: env.PREDICTD_CA_FILE, origin: 'PREDICTD_CA_FILE' };
  return ofContext;
}
