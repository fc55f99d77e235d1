import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DomainError, type ErrorCode } from '../../src/domain/errors.js';
import type { EventDraft } from '../../src/domain/event.js';
import { type Execution, noProgress } from '../../src/domain/execution.js';
import type { Model } from '../../src/domain/model.js';
import type { Task, TaskSpec } from '../../src/domain/task.js';
import type { User } from '../../src/domain/user.js';
import { openStore, type SqliteStore, type StoreOptions } from '../../src/store/store.js';

/** A directory that goes away with the test. */
export async function temporaryDirectory(test: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'predictd-store-'));
  test.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A store in a directory of its own, closed with the test. */
export async function temporaryStore(
  test: TestContext,
  options: Partial<StoreOptions> = {},
): Promise<{ store: SqliteStore; dataDir: string }> {
  const dataDir = options.dataDir ?? (await temporaryDirectory(test));
  const store = await openStore({ busyTimeoutMs: 100, ...options, dataDir });
  test.after(() => store.close());
  return { store, dataDir };
}

/** Fits `assert.rejects`: a DomainError of this code whose message matches. */
export function domainError(code: ErrorCode, message: RegExp = /./) {
  return (err: unknown) => {
    assert(err instanceof DomainError, String(err));
    assert.equal(err.code, code, err.message);
    assert.match(err.message, message);
    return true;
  };
}

export function sampleUser(name = 'ann'): User {
  return {
    id: 1,
    name,
    role: 'OPERATOR',
    passwordHash: '$scrypt$',
    tokenHash: `hash-of-${name}`,
    secretKeySealed: 'v1.x',
    projects: [],
    createdAt: 1_700_000_000_000,
  };
}

export const sampleSpec: TaskSpec = {
  source: {
    topic: 'in',
    format: 'JSON',
    bootstrapServers: ['127.0.0.1:9092'],
    startFrom: 'EARLIEST',
    consumerGroup: '',
    sasl: { mechanism: 'PLAIN', username: 'kafka', password: 'planted-sasl-password' },
    tls: { ca: 'CA', certificate: 'CERT', key: 'planted-tls-key' },
    options: {},
    schemaRegistryUrl: '',
  },
  sink: { topic: 'out', format: 'JSON', fields: {} },
  predictor: { type: 'onnx', model: 'iris', features: ['a'], inputs: {}, missingAsNan: false },
  until: 'STOPPED',
  guarantee: 'EXACTLY_ONCE',
  parallelism: 1,
  batch: { maxRecords: 4_000, maxWaitMs: 50 },
  onBadRecord: 'DEAD_LETTER',
  deadLetterTopic: 'out.dead-letter',
  heapMinMib: 1_024,
  heapMaxMib: 2_048,
  maxRestarts: 10,
};

export function sampleTask(id: number, name = `task-${id}`, user = 'ann'): Task {
  return {
    id,
    uid: `task-uid-${id}`,
    user,
    name,
    version: 1,
    generation: 1,
    displayName: '',
    labels: {},
    annotations: {},
    spec: sampleSpec,
    desired: 'STOPPED',
    createdAt: 1_700_000_000_000 + id,
    updatedAt: 1_700_000_000_000 + id,
  };
}

export function sampleExecution(id: number, task: Task, number: number): Execution {
  return {
    id,
    uid: `execution-uid-${id}`,
    taskId: task.id,
    number,
    state: 'RUNNING',
    reason: 'STARTED',
    message: '',
    stateAt: 1_700_000_000_000,
    epoch: 1,
    generation: task.generation,
    spec: task.spec,
    actor: `users/${task.user}`,
    createdAt: 1_700_000_000_000,
    lastError: '',
    restartCount: 0,
    restartsInRow: 0,
    progress: noProgress,
  };
}

export function sampleEvent(taskId: number, at = 1_700_000_000_000): EventDraft {
  const words = { actor: 'supervisor', reason: 'TESTED', message: 'tried', severity: 'INFO' };
  return { taskId, at, epoch: 0, ...words } as EventDraft;
}

export function sampleModel(id: number, name = `model-${id}`, user = 'ann'): Model {
  const tensor = { name: 'x', type: 'float32', shape: [-1, 4] };
  return {
    id,
    uid: `model-uid-${id}`,
    user,
    name,
    sha256: 'ab'.repeat(32),
    sizeBytes: 3_000_000_000,
    inputs: [tensor],
    outputs: [tensor],
    createdAt: 1_700_000_000_000,
  };
}

/** Another process that runs a file of `children/`, killed with the test; and the lines that it prints. */
export function startChild(test: TestContext, file: string, args: readonly string[]) {
  const path = fileURLToPath(new URL(`children/${file}.js`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  test.after(() => kill(child));
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

/** kill -9, and waits until the process is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
