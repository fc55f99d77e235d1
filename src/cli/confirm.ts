import { rejection, type Terminal } from './terminal.js';

/** Asks a person for a yes. Nobody is asked if stdin is no terminal: scripts mean what they say. */
export async function confirm(terminal: Terminal, question: string): Promise<boolean> {
  if (terminal.stdin.isTTY !== true) return true;
  terminal.stderr.write(`${question} [y/N] `);
  return /^y(es)?$/i.test((await firstLine(terminal)).trim());
}

/** The first line that comes in, without its end. Ctrl-C ends the wait with an AbortError. */
export async function firstLine(terminal: Terminal): Promise<string> {
  return Promise.race([readLine(terminal), rejection(terminal.interruption())]);
}

async function readLine(terminal: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of terminal.stdin) {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]?.replace(/\r$/, '') ?? '';
}
