import type { Readable } from 'node:stream';

/** Longer lines are told in parts. */
const lineCharsMax = 64 * 1024;

/** Tells a stream's lines, without their ends, as they become complete; empty ones are left out. */
export function tellLines(stream: Readable, tell: (line: string) => void): void {
  let rest = '';
  const say = (line: string) => {
    const text = line.replace(/\r$/, '');
    if (text.trim() !== '') tell(text);
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) say(line);
    if (rest.length <= lineCharsMax) return;
    say(rest);
    rest = '';
  });
  stream.once('end', () => say(rest));
}
