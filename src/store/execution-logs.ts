import { appendFile, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionLogs, LogDraft, LogLine } from '../domain/execution-log.js';
import { limits } from '../domain/limits.js';
import { codeOf, makePrivateDirectory } from '../secrets/private-files.js';

const uidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const suffix = '.jsonl';
/** The older half of a ring. */
const olderSuffix = '.1.jsonl';
/** Rings that nobody reads and nobody writes are forgotten beyond so many; their files say all there is to know. */
const ringsMax = 1_000;

/** Sizes that only tests change. */
export interface LogSizes {
  /** Of one of the two files of a ring. */
  readonly fileBytes: number;
  /** Lines that wait for the disk. */
  readonly waitingMax: number;
}

const sizesDefault: LogSizes = {
  fileBytes: limits.logFileBytes,
  waitingMax: limits.logLinesWaitingMax,
};

/** The directory DIR/logs, with two files for each execution: `<uid>.jsonl`, and `<uid>.1.jsonl` with what came before. */
export async function openExecutionLogs(
  dataDir: string,
  sizes: LogSizes = sizesDefault,
): Promise<ExecutionLogs> {
  const directory = join(dataDir, 'logs');
  await makePrivateDirectory(directory);
  const rings = new Map<string, Ring>();
  const ringOf = (uid: string): Ring => {
    const found = rings.get(uid);
    if (found) return found;
    if (!uidPattern.test(uid)) throw new Error('A log is named by the UUID of its execution.');
    forgetIdle(rings);
    const ring = new Ring(join(directory, uid), sizes);
    rings.set(uid, ring);
    return ring;
  };
  return {
    append: (uid, draft) => ringOf(uid).append(draft),
    follow: (uid, count, listener) => ringOf(uid).follow(count, listener),
    settled: async (uid) => rings.get(uid)?.settled(),
    async list() {
      const names = await readdir(directory);
      const uids = names.map((name) => name.slice(0, name.indexOf('.')));
      return [...new Set(uids.filter((uid) => uidPattern.test(uid)))];
    },
    async remove(uid) {
      await ringOf(uid).remove();
      rings.delete(uid);
    },
  };
}

function forgetIdle(rings: Map<string, Ring>): void {
  if (rings.size < ringsMax) return;
  for (const [uid, ring] of rings) if (ring.isIdle) rings.delete(uid);
}

interface RingEnd {
  /** Of the newest line. */
  number: number;
  /** Size of the newer file. */
  bytes: number;
  /** Whether the newer file ends with the end of a line. */
  isWhole: boolean;
}

/** One execution's log. What is done to it is done in the order in which it was asked for. */
class Ring {
  readonly #path: string;
  readonly #sizes: LogSizes;
  readonly #listeners = new Set<(line: LogLine) => void>();
  #waiting: LogDraft[] = [];
  #left = 0;
  /** Absent until it was read. */
  #end: RingEnd | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #jobs = 0;

  constructor(path: string, sizes: LogSizes) {
    this.#path = path;
    this.#sizes = sizes;
  }

  get isIdle(): boolean {
    return this.#jobs === 0 && this.#listeners.size === 0;
  }

  append(draft: LogDraft): void {
    if (this.#waiting.length >= this.#sizes.waitingMax) {
      this.#left += 1;
      return;
    }
    this.#waiting.push(draft);
    if (this.#waiting.length === 1) void this.#inTurn(() => this.#write());
  }

  follow(count: number, listener: (line: LogLine) => void) {
    return this.#inTurn(async () => {
      const lines = count === 0 ? [] : (await this.#read()).slice(-count);
      this.#listeners.add(listener);
      return { lines, close: () => void this.#listeners.delete(listener) };
    });
  }

  async settled(): Promise<void> {
    await this.#inTurn(async () => undefined);
  }

  async remove(): Promise<void> {
    await this.#inTurn(async () => {
      for (const end of [suffix, olderSuffix]) await rm(this.#path + end, { force: true });
      this.#end = undefined;
    });
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    this.#jobs += 1;
    const result = this.#last.then(job).finally(() => {
      this.#jobs -= 1;
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #write(): Promise<void> {
    const end = await this.#findEnd();
    const drafts = this.#waiting;
    const left = this.#left;
    this.#waiting = [];
    this.#left = 0;
    const lines = drafts.map((draft) => {
      end.number += 1;
      return { ...draft, number: end.number };
    });
    end.number += left;
    try {
      await this.#store(lines, end);
    } catch {
      // The disk is full or broken: who follows is told all the same, and who reads later sees by the numbers.
      end.isWhole = false;
    }
    for (const line of lines) for (const listener of this.#listeners) listener(line);
  }

  async #store(lines: readonly LogLine[], end: RingEnd): Promise<void> {
    let text = end.isWhole ? '' : '\n';
    let bytes = text.length;
    const flush = async () => {
      await appendFile(this.#path + suffix, text, { mode: 0o600 });
      end.bytes += bytes;
      end.isWhole = true;
      text = '';
      bytes = 0;
    };
    for (const line of lines) {
      const row = `${JSON.stringify(line)}\n`;
      const rowBytes = Buffer.byteLength(row);
      if (end.bytes + bytes + rowBytes > this.#sizes.fileBytes) {
        if (text !== '') await flush();
        await rename(this.#path + suffix, this.#path + olderSuffix).catch(ignoreMissing);
        end.bytes = 0;
      }
      text += row;
      bytes += rowBytes;
    }
    if (text !== '') await flush();
  }

  async #findEnd(): Promise<RingEnd> {
    if (this.#end) return this.#end;
    const lines = await this.#read().catch(() => []);
    const { bytes, isWhole } = await endOf(this.#path + suffix);
    this.#end = { number: lines.at(-1)?.number ?? 0, bytes, isWhole };
    return this.#end;
  }

  async #read(): Promise<LogLine[]> {
    const older = await readLines(this.#path + olderSuffix);
    return [...older, ...(await readLines(this.#path + suffix))];
  }
}

async function readLines(path: string): Promise<LogLine[]> {
  try {
    const text = await readFile(path, 'utf8');
    return text.split('\n').flatMap((row) => parse(row) ?? []);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A line that a crash or a full disk cut off is none. */
function parse(row: string): LogLine | undefined {
  if (row === '') return undefined;
  try {
    return JSON.parse(row) as LogLine;
  } catch {
    return undefined;
  }
}

async function endOf(path: string): Promise<{ bytes: number; isWhole: boolean }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      return { bytes: size, isWhole: size === 0 || buffer[0] === newline };
    } finally {
      await file.close();
    }
  } catch {
    return { bytes: 0, isWhole: true };
  }
}

const newline = 0x0a;

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}
