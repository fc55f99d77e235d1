import { createReadStream } from 'node:fs';
import { CommandError } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** The text of a file, or of stdin if the file is `-`. A text beyond the bound is refused. */
export async function readInput(
  terminal: Terminal,
  file: string,
  bytesMax: number,
): Promise<string> {
  const source: AsyncIterable<Uint8Array | string> =
    file === '-' ? terminal.stdin : createReadStream(file);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > bytesMax) throw new CommandError(`${file} has more than ${bytesMax} bytes`);
      chunks.push(buffer);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new CommandError(`${file} is not UTF-8 text`);
  }
}

/** The error for a file that the system refuses to read. */
export function unreadable(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  const why = reasons[code] ?? code;
  return new CommandError(`${file} cannot be read: ${why}`);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};
