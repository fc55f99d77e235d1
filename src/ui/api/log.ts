import type { LogLine } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { executions } from './clients.js';
import { failureText } from './failure.js';

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

/** Follows the log of an execution until what it answers is called; over a broken connection, too. */
export function tailLog(name: string, { onLines, onState }: LogListener): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  const byNumber = new Map<bigint, LogLine>();
  let skipped = 0n;
  let isRepaintDue = false;
  const repaint = () => {
    isRepaintDue = false;
    if (!signal.aborted) onLines([...byNumber.values()]);
  };
  const add = (line: LogLine) => {
    byNumber.set(line.number, line);
    const [oldest] = byNumber.keys();
    if (byNumber.size > linesMax && oldest !== undefined) byNumber.delete(oldest);
    if (!isRepaintDue) window.setTimeout(repaint, repaintMs);
    isRepaintDue = true;
  };
  const follow = async () => {
    // The service begins with the newest lines again: what was missed has its place among them.
    byNumber.clear();
    skipped = 0n;
    onState('Following.');
    try {
      const request = { name, follow: true, lines: linesMax };
      for await (const { kind } of executions.tailLogs(request, { signal, timeoutMs: 0 })) {
        if (kind.case === 'line') add(kind.value);
        if (kind.case === 'skipped') skipped += kind.value;
        if (skipped > 0n) onState(`Following; ${skipped} lines were skipped.`);
      }
      onState('It has ended.');
    } catch (error) {
      if (signal.aborted) return;
      onState(`${failureText(error)} Trying again…`);
      window.setTimeout(() => {
        if (!signal.aborted) void follow();
      }, retryMs);
    }
  };
  void follow();
  return () => leaving.abort();
}
