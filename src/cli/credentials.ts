import type { JsonObject } from '@bufbuild/protobuf';
import { firstLine } from './confirm.js';
import { CommandError } from './exit-code.js';
import { printJson, type Sink } from './output.js';
import { renderPairs } from './table.js';
import type { Terminal } from './terminal.js';

/** A user with new credentials. */
export interface NewCredentials {
  readonly name: string;
  /** In lower case. */
  readonly role: string;
  /** Empty if somebody chose it. */
  readonly password: string;
  readonly token: string;
  readonly secretKey: string;
}

/** Told with them. */
export const shownOnce = 'the credentials are shown this once; keep them now';

/** Writes what is shown this once. */
export function printCredentials(
  sink: Pick<Sink, 'stdout' | 'format'>,
  { name, role, password, token, secretKey }: NewCredentials,
): void {
  const flat: JsonObject = {
    name,
    role,
    ...(password === '' ? {} : { password }),
    token,
    secretKey,
  };
  if (sink.format === 'name') sink.stdout.write(`users/${name}\n`);
  else if (sink.format !== 'table') printJson(sink, flat);
  else sink.stdout.write(renderPairs(Object.entries(flat).map(([key, it]) => [key, String(it)])));
}

/** The password of `--password-stdin`. */
export async function readPassword(terminal: Terminal): Promise<string> {
  if (terminal.stdin.isTTY) {
    throw new CommandError('--password-stdin: what is typed here would be seen', {
      hint: 'pipe the password in, or leave the flag out and get a random one',
    });
  }
  const password = await firstLine(terminal);
  if (password === '') throw new CommandError('--password-stdin: stdin is empty');
  return password;
}
