import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running program, whose output a test can wait for. */
export class ProgramProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const path = process.env.PATH ?? '';
    this.#child = spawn(process.execPath, [main, ...args], { env: { PATH: path, ...env } });
    this.#child.stdout.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#child.stderr.on('data', (chunk) => {
      this.stderr += chunk;
    });
    // A program that does not read its input closes it early.
    this.#child.stdin.on('error', () => {});
    this.ended = once(this.#child, 'close').then(([code]) => ({
      code,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
  }

  write(input: string): void {
    this.#child.stdin.end(input);
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Resolves when one of the outputs holds the text; rejects after ten seconds or at the end. */
  async until(output: 'stdout' | 'stderr', text: string): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    while (!this[output].includes(text)) {
      if (this.#child.exitCode !== null) throw new Error(`ended without ${text}: ${this.stderr}`);
      await once(this.#child[output], 'data', { signal });
    }
  }
}

/** Runs the program to its end. */
export async function runProgram(
  args: readonly string[],
  about: { env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<Ended> {
  const program = new ProgramProcess(args, about.env ?? {});
  program.write(about.input ?? '');
  return program.ended;
}

/** Writes a file into a directory of its own. */
export async function temporaryFile(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'predictd-cli-')), name);
  await writeFile(file, content);
  return file;
}

/** A definition as the documentation shows it. */
export const taskYaml = `
displayName: Iris
labels: {team: risk}
spec:
  source: {topic: iris-in, format: JSON, bootstrapServers: ["127.0.0.1:9092"], startFrom: EARLIEST}
  sink: {topic: iris-out, format: FORMAT_JSON}
  predictor: {onnx: {model: iris, features: [sepal_length, sepal_width]}}
  until: END
  guarantee: EXACTLY_ONCE
  parallelism: 1
  batch: {maxRecords: 4000, maxWait: 0.05s}
  onBadRecord: DEAD_LETTER
  heapMin: 1024m
  heapMax: 2048m
`;
