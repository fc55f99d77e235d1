import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DomainError } from '../domain/errors.js';
import { limits } from '../domain/limits.js';
import type { Model } from '../domain/model.js';
import type { ModelRunner } from '../domain/ports.js';
import type { ModelFile } from './messages.js';
import type { OneShotAnswer, OneShotRequest } from './one-shot-messages.js';

export interface ModelRunnerOptions {
  /** Absolute path of a model file, by its SHA-256. */
  readonly modelPath: (sha256: string) => string;
  /** Brokers of specs that name none. */
  readonly brokers: readonly string[];
  /** `HOST:PORT` and CIDRs that may be connected to besides `brokers`. */
  readonly allowEgress: readonly string[];
  /** Read records with the fast codec. Default true. */
  readonly fastCodec?: boolean;
  /** Take models with `Loop`, `Scan` and `If`, which may never end. */
  readonly allowLoops?: boolean;
  /** The only environment variables that the processes see. */
  readonly variables?: Readonly<Record<string, string>>;
  /** For tests; the limits of the domain otherwise. */
  readonly timeoutsMs?: {
    readonly check: number;
    readonly predict: number;
    readonly dryRun: number;
    readonly scoreFiles?: number;
  };
  /** Resident memory of one process, in MiB; watched where `/proc` is. Default 4096. */
  readonly memoryMib?: number;
}

const entry = fileURLToPath(new URL('./one-shot-main.js', import.meta.url));
/** Reading from a slow cluster comes on top of loading and predicting. */
const DRY_RUN_MS = 30_000;
/** The largest files, with a model of the middling sort. */
const SCORE_FILES_MS = 120_000;
const MEMORY_MIB = 4_096;
/** JavaScript's own part: a file's bytes lie outside of it. */
const HEAP_MIB = 512;
const WATCH_MS = 100;
const PAGE_BYTES = 4_096;
const MEBIBYTE = 1024 * 1024;

/** Runs models in processes that are thrown away after one request, and killed when they take too long or too much. */
export function createModelRunner(options: ModelRunnerOptions): ModelRunner {
  const timeouts = options.timeoutsMs ?? {
    check: limits.modelCheckTimeoutMs,
    predict: limits.predictTimeoutMs,
    dryRun: DRY_RUN_MS,
  };
  const file = (model: Model): ModelFile => ({
    path: options.modelPath(model.sha256),
    sha256: model.sha256,
    inputs: model.inputs,
    outputs: model.outputs,
  });
  return {
    async check(path) {
      const request = { type: 'check', path, allowLoops: options.allowLoops ?? false } as const;
      const answer = await askOnce(request, { ...options, timeoutMs: timeouts.check });
      if (answer.type === 'checked') return answer.checked;
      throw unexpected(answer);
    },
    async predict({ model, predictor, rows }) {
      const request = { type: 'predict', model: file(model), predictor, rows } as const;
      const answer = await askOnce(request, { ...options, timeoutMs: timeouts.predict });
      if (answer.type === 'predicted') return answer.predictions;
      throw unexpected(answer);
    },
    async dryRun({ spec, model, records }) {
      const own = spec.source.bootstrapServers;
      const answer = await askOnce(
        {
          type: 'dryRun',
          model: file(model),
          spec,
          records,
          bootstrapServers: own.length > 0 ? own : options.brokers,
          allowEgress: [...options.brokers, ...options.allowEgress],
          fastCodec: options.fastCodec ?? true,
        },
        { ...options, timeoutMs: timeouts.dryRun },
      );
      if (answer.type === 'dryRun') return answer.dryRun;
      throw unexpected(answer);
    },
    async scoreFiles({ model, spec, taskUid, files }) {
      const own = spec.source.bootstrapServers;
      const answer = await askOnce(
        {
          type: 'scoreFiles',
          model: file(model),
          spec,
          taskUid,
          files,
          bootstrapServers: own.length > 0 ? own : options.brokers,
          allowEgress: [...options.brokers, ...options.allowEgress],
        },
        { ...options, timeoutMs: options.timeoutsMs?.scoreFiles ?? SCORE_FILES_MS },
      );
      if (answer.type === 'scored') return { records: answer.records };
      throw unexpected(answer);
    },
  };
}

export interface Bounds extends Pick<ModelRunnerOptions, 'variables' | 'memoryMib'> {
  readonly timeoutMs: number;
}

/**
 * Forks, asks, and makes sure that the process is gone. MODEL_INVALID if it died or took too much memory, PREDICTION_TIMEOUT if it
 * took too long.
 */
export async function askOnce(request: OneShotRequest, bounds: Bounds): Promise<OneShotAnswer> {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${HEAP_MIB}`],
    env: { ...bounds.variables },
  });
  const memoryMib = bounds.memoryMib ?? MEMORY_MIB;
  const watch = watchMemory(child, memoryMib);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<OneShotAnswer>((resolve, reject) => {
      timer = setTimeout(() => reject(tookTooLong(request, bounds.timeoutMs)), bounds.timeoutMs);
      child.once('message', (answer) => resolve(answer as OneShotAnswer));
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        reject(watch.exceeded ? tooLarge(memoryMib) : died(request, signal ?? `exit code ${code}`));
      });
      child.send(request, (error) => error && reject(error));
    });
  } finally {
    clearTimeout(timer);
    watch.end();
    child.kill('SIGKILL');
  }
}

function watchMemory(child: ChildProcess, memoryMib: number) {
  const watch = {
    exceeded: false,
    end: () => clearInterval(timer),
  };
  const timer = setInterval(async () => {
    const usedMib = (await residentBytes(child.pid)) / MEBIBYTE;
    if (usedMib <= memoryMib) return;
    watch.exceeded = true;
    child.kill('SIGKILL');
  }, WATCH_MS);
  return watch;
}

async function residentBytes(processId: number | undefined): Promise<number> {
  try {
    const statm = await readFile(`/proc/${processId}/statm`, 'latin1');
    return Number(statm.split(' ')[1]) * PAGE_BYTES;
  } catch {
    // No such file system, or the process is gone.
    return 0;
  }
}

function tookTooLong(request: OneShotRequest, timeoutMs: number): DomainError {
  const seconds = timeoutMs / 1_000;
  if (request.type === 'check') {
    const message = `The model did not load and run once within ${seconds} s.`;
    return new DomainError('MODEL_INVALID', { message });
  }
  return new DomainError('PREDICTION_TIMEOUT', { message: `It took longer than ${seconds} s.` });
}

function tooLarge(memoryMib: number): DomainError {
  const message = `The model needs more than ${memoryMib} MiB of memory.`;
  return new DomainError('MODEL_INVALID', { message });
}

function died(request: OneShotRequest, how: string): DomainError {
  const message = `The model ended the process that ran it (${how}).`;
  return new DomainError('MODEL_INVALID', { message, cause: request.type });
}

function unexpected(answer: OneShotAnswer): Error {
  if (answer.type !== 'refused')
    return new Error(`an answer of type ${answer.type} was not asked for`);
  const { code, message, violations } = answer;
  return new DomainError(code, { message, violations });
}
