import { accessSync, constants, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { didYouMean } from './nearest.js';

/** Where to listen or connect. IPv6 addresses are without brackets. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One place, or one network, that tasks may connect to. */
export type EgressRule =
  | { readonly type: 'endpoint'; readonly host: string; readonly port: number }
  | { readonly type: 'network'; readonly address: string; readonly prefixLength: number };

/** One setting: its flag; its variable and its key in the file follow from that. */
export interface Setting<T = unknown> {
  readonly flag: string;
  readonly kind: 'one' | 'many' | 'switch';
  /** What the value is called in the help. */
  readonly value: string;
  readonly help: string;
  /** Used if nobody set it. Absent: it may be missing, and then so is the value. */
  readonly initial?: string;
  /** Throws an Error whose message continues "NAME: ". */
  readonly read: (texts: readonly string[]) => T;
}

type Read<T> = (text: string) => T;

/** A setting with one value; the last flag wins. */
export function one<T>(flag: string, value: string, help: string, read: Read<T>, initial?: string) {
  const setting: Setting<T> = {
    flag,
    kind: 'one',
    value,
    help,
    read: ([text = '']) => read(text),
    ...(initial === undefined ? {} : { initial }),
  };
  return setting;
}

/** A setting with a list: repeated, or separated by commas. */
export function many<T>(
  flag: string,
  value: string,
  help: string,
  read: Read<T>,
  initial?: string,
) {
  const setting: Setting<T[]> = {
    flag,
    kind: 'many',
    value,
    help,
    read: (list) => list.map((text) => read(text)),
    ...(initial === undefined ? {} : { initial }),
  };
  return setting;
}

/** A setting that is on or off; `--no-NAME` turns it off. */
export function toggle(flag: string, help: string, initial: boolean): Setting<boolean> {
  const read = ([text = '']: readonly string[]) => {
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    throw new Error(`${quote(text)} is neither true nor false`);
  };
  return { flag, kind: 'switch', value: '', help, initial: String(initial), read };
}

/** An absolute path of a directory that exists or can be made. */
export function path(text: string): string {
  if (text === '') throw new Error('is empty');
  const absolute = resolve(text);
  if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new Error(`${quote(text)} is no directory`);
  }
  return absolute;
}

/** An absolute path of a file that can be read now. */
export function readableFile(text: string): string {
  const absolute = resolve(text);
  try {
    accessSync(absolute, constants.R_OK);
  } catch {
    throw new Error(`${quote(text)} cannot be read`);
  }
  if (!statSync(absolute).isFile()) throw new Error(`${quote(text)} is no file`);
  return absolute;
}

/** `HOST:PORT`, with an IPv6 address in brackets. Port 0 lets the system choose. */
export function endpoint(text: string): Endpoint {
  const [, host = '', port = ''] = /^(\[[^[\]]+\]|[^:/\s[\]]+):(\d{1,5})$/.exec(text) ?? [];
  const bare = host.replace(/^\[|\]$/g, '');
  if (host === '' || (bare !== host && isIP(bare) !== 6)) {
    throw new Error(`${quote(text)} is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080`);
  }
  if (Number(port) > 65_535) throw new Error(`${quote(text)} has a port above 65535`);
  return { host: bare, port: Number(port) };
}

/** As `endpoint`, kept as text, with a port of its own. */
export function broker(text: string): string {
  if (endpoint(text).port === 0) throw new Error(`${quote(text)} has no port`);
  return text;
}

/** `HOST:PORT`, or a network such as `10.0.0.0/8`. */
export function egressRule(text: string): EgressRule {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 0 && Number(bits) <= (family === 4 ? 32 : 128)) {
    return { type: 'network', address, prefixLength: Number(bits) };
  }
  try {
    const { host, port } = endpoint(text);
    if (port > 0) return { type: 'endpoint', host, port };
  } catch {
    // The sentence below names both forms.
  }
  throw new Error(`${quote(text)} is neither HOST:PORT nor a network such as 10.0.0.0/8`);
}

/** A whole number within bounds, both included. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Read<number> {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} on` : `${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new Error(`${quote(text)} is no whole number from ${bounds}`);
  };
}

/** One of a closed set of words. */
export function oneOf<T extends string>(words: readonly T[]): Read<T> {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new Error(`${quote(text)} is not one of ${words.join(', ')}${didYouMean(text, words)}`);
  };
}

/** A web origin as browsers send it. */
export function origin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw new Error(`${quote(text)} is no origin such as https://example.org`);
}

/** An http or https URL that paths can be appended to. */
export function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.search === '' && url.hash === '' && url.username === '';
  if (url === undefined || !plain || !/^https?:$/.test(url.protocol)) {
    throw new Error(`${quote(text)} is no URL such as https://predict.example.org`);
  }
  return url.href.replace(/\/+$/, '');
}

/** A zone that this Node knows, such as `Europe/Berlin` or `UTC`. */
export function timeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new Error(`${quote(text)} is no time zone such as Europe/Berlin or UTC`);
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
