import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const SAMPLE_MS = 25;
/** Processes come rarely; looking for them costs more than looking at them. */
const FIND_EVERY = 8;
/** Of `/proc`, on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;
/** Fields of `/proc/<pid>/stat` behind the command, which may hold anything in brackets. */
const STAT = { userTicks: 11, systemTicks: 12, residentPages: 21 } as const;

interface Sample {
  readonly at: number;
  readonly cpuMs: number;
}

/** Watches a process and its descendants: what they use of the processors and of memory. Dispose it to end that. */
export class ProcessTree implements Disposable {
  readonly #root: number;
  readonly #timer: NodeJS.Timeout;
  readonly #ticks = new Map<number, number>();
  readonly #samples: Sample[] = [];
  #alive: readonly number[] = [];
  #rounds = 0;
  #peakBytes = 0;

  constructor(root: number) {
    this.#root = root;
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  /** The most that all of them together had resident at one moment. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Processor time that they used between two moments, in milliseconds since 1970. */
  cpuMsBetween(from: number, to: number): number {
    this.#sample();
    return this.#cpuAt(to) - this.#cpuAt(from);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    if (this.#rounds++ % FIND_EVERY === 0) this.#alive = descendants(this.#root);
    let residentBytes = 0;
    for (const pid of this.#alive) {
      const stat = statOf(pid);
      if (!stat) continue;
      this.#ticks.set(pid, stat.ticks);
      residentBytes += stat.residentBytes;
    }
    this.#peakBytes = Math.max(this.#peakBytes, residentBytes);
    // The dead count with what they had when they were last seen.
    const ticks = [...this.#ticks.values()].reduce((sum, own) => sum + own, 0);
    this.#samples.push({ at: Date.now(), cpuMs: ticks * TICK_MS });
  }

  #cpuAt(at: number): number {
    const next = this.#samples.findIndex((sample) => sample.at >= at);
    const after = this.#samples[next];
    const before = this.#samples[next - 1];
    if (!after) return this.#samples.at(-1)?.cpuMs ?? 0;
    if (!before || after.at === before.at) return after.cpuMs;
    const share = (at - before.at) / (after.at - before.at);
    return before.cpuMs + share * (after.cpuMs - before.cpuMs);
  }
}

/** Processors that this process may use. */
export const processors = availableParallelism();

function statOf(pid: number): { ticks: number; residentBytes: number } | undefined {
  const text = contents(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = (fields[STAT.userTicks] ?? 0) + (fields[STAT.systemTicks] ?? 0);
  return { ticks, residentBytes: (fields[STAT.residentPages] ?? 0) * PAGE_BYTES };
}

function descendants(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(descendants)];
}

function childrenOf(pid: number): number[] {
  let threads: string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return threads.flatMap((thread) => {
    const text = contents(`/proc/${pid}/task/${thread}/children`) ?? '';
    return text.trim() === '' ? [] : text.trim().split(' ').map(Number);
  });
}

/** Undefined when the process has ended. */
function contents(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
