import type { LogLine } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { executions } from './clients.js';
import { failureText } from './failure.js';
import { heedAttention } from './visibility.js';

/** Where a log goes. */
export interface LogListener {
  /** All that is kept here, oldest first. */
  onLines(lines: readonly LogLine[]): void;
  /** How it stands with following it, in a sentence. */
  onState(text: string): void;
}

/** More lines than anybody reads, and fewer than make a page slow. */
const linesMax = 1_000;
const repaintMs = 200;
const retryMs = 3_000;

/**
 * Follows the log of an execution until what it answers is called: over a broken connection, and not while nobody looks.
 * What was missed meanwhile comes in its place.
 */
export function tailLog(name: string, { onLines, onState }: LogListener): () => void {
  const byNumber = new Map<bigint, LogLine>();
  let attempt = new AbortController();
  let skipped = 0n;
  let timer: number | undefined;
  let isOpen = false;
  let hasEnded = false;
  let isLeft = false;
  let isRepaintDue = false;
  const repaint = () => {
    isRepaintDue = false;
    if (!isLeft) onLines([...byNumber.values()]);
  };
  const add = (line: LogLine) => {
    byNumber.set(line.number, line);
    const [oldest] = byNumber.keys();
    if (byNumber.size > linesMax && oldest !== undefined) byNumber.delete(oldest);
    if (!isRepaintDue) window.setTimeout(repaint, repaintMs);
    isRepaintDue = true;
  };
  const read = async (signal: AbortSignal) => {
    // The service begins with the newest lines again: what was missed has its place among them.
    byNumber.clear();
    skipped = 0n;
    onState('Following.');
    const request = { name, follow: true, lines: linesMax };
    for await (const { kind } of executions.tailLogs(request, { signal, timeoutMs: 0 })) {
      if (kind.case === 'line') add(kind.value);
      if (kind.case === 'skipped') skipped += kind.value;
      if (skipped > 0n) onState(`Following; ${skipped} lines were skipped.`);
    }
    hasEnded = true;
    onState('It has ended.');
  };
  const follow = async () => {
    window.clearTimeout(timer);
    if (isLeft || isOpen || hasEnded || document.hidden) return;
    isOpen = true;
    attempt = new AbortController();
    const { signal } = attempt;
    try {
      await read(signal);
    } catch (error) {
      if (!signal.aborted) {
        onState(`${failureText(error)} Trying again…`);
        timer = window.setTimeout(follow, retryMs);
      }
    }
    isOpen = false;
    // Somebody may have looked again while it was being given up.
    if (signal.aborted) void follow();
  };
  const heedNoMore = heedAttention({ rest: () => attempt.abort(), wake: () => void follow() });
  void follow();
  return () => {
    isLeft = true;
    attempt.abort();
    window.clearTimeout(timer);
    heedNoMore();
  };
}
