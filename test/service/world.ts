import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TaskDraft } from '../../src/domain/draft.js';
import { DomainError } from '../../src/domain/errors.js';
import type { LogControl, LogLevel } from '../../src/domain/log-level.js';
import type { ModelRunner, Store } from '../../src/domain/ports.js';
import type { Caller, Role, User } from '../../src/domain/user.js';
import { createDeadLetters } from '../../src/kafka/dead-letters.js';
import { hashToken, newPassword, newSecretKey, newToken } from '../../src/secrets/tokens.js';
import { openVault } from '../../src/secrets/vault.js';
import {
  createService,
  type Service,
  type ServiceTuning,
} from '../../src/service/create-service.js';
import { archive } from '../../src/store/archive.js';
import { openExecutionLogs } from '../../src/store/execution-logs.js';
import { openModelFiles } from '../../src/store/model-files.js';
import { openStore } from '../../src/store/store.js';
import { createChangeFeed } from '../../src/supervisor/change-feed.js';
import { TaskRuns } from './task-runs.js';

export type World = Awaited<ReturnType<typeof openWorld>>;

/** Signature that every file has for the model runner of the tests, unless it begins with `bad`. */
export const signature = {
  inputs: [{ name: 'X', type: 'float32', shape: [-1, 4] }],
  outputs: [
    { name: 'label', type: 'int64', shape: [-1] },
    { name: 'probabilities', type: 'float32', shape: [-1, 3] },
  ],
};

/** The use cases on a real store in a directory of its own, with admin, c1, c2 and a viewer. Closed after the test. */
export async function openWorld(test: TestContext, tuning: ServiceTuning = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'predictd-service-'));
  const vault = await openVault(dataDir);
  const store = await openStore({ dataDir, vault });
  test.after(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const feed = createChangeFeed();
  const clock = { now: () => Date.now() };
  const supervisor = new TaskRuns({ store, feed, clock });
  const modelFiles = await openModelFiles(dataDir);
  const logs = await openExecutionLogs(dataDir);
  const secrets = {
    hashPassword: async (password: string) => createHash('sha256').update(password).digest('hex'),
    hashToken,
    newPassword,
    newToken,
    newSecretKey,
    seal: vault.seal,
  };
  const deps = {
    store,
    supervisor,
    modelRunner: rowCounter,
    modelFiles,
    logs,
    // No brokers: whatever needs them is refused before a packet is sent.
    deadLetters: createDeadLetters({ allowEgress: [] }),
    feed,
    clock,
    secrets,
    archive: () => archive(dataDir, store),
    logControl: memoryLogControl(),
    settings: { brokers: ['127.0.0.1:9092'], allowEgress: ['10.0.0.0/8', 'kafka.example:9093'] },
  };
  const service = createService(deps, tuning);
  const callers = {
    admin: await addUser(store, 'admin', 'ADMIN'),
    c1: await addUser(store, 'c1', 'OPERATOR'),
    c2: await addUser(store, 'c2', 'OPERATOR'),
    looker: await addUser(store, 'looker', 'VIEWER'),
  };
  return { dataDir, vault, store, feed, supervisor, modelFiles, logs, service, deps, ...callers };
}

/** A level that nothing is logged by. */
export function memoryLogControl(): LogControl {
  let level: LogLevel = 'info';
  return {
    level: () => level,
    setLevel(next) {
      level = next;
    },
  };
}

/** Writes a user straight into the store; the token is `token-NAME`. */
export async function addUser(
  store: Store,
  name: string,
  role: Role,
  change: Partial<User> = {},
): Promise<Caller> {
  const projects = change.projects ?? [];
  await store.write(async (writes) =>
    writes.insertUser({
      id: await writes.nextId(),
      name,
      role,
      passwordHash: createHash('sha256').update(`password-${name}`).digest('hex'),
      tokenHash: hashToken(`token-${name}`),
      secretKeySealed: '',
      projects,
      createdAt: 1,
      ...change,
    }),
  );
  return { name, role, projects };
}

/** Uploads a small model. */
export function upload(
  service: Service,
  caller: Caller,
  modelId: string,
  bytes: string | Uint8Array = 'model bytes',
): ReturnType<Service['uploadModel']> {
  return service.uploadModel(caller, {
    parent: 'users/me',
    modelId,
    chunks: chunks(bytes),
  });
}

export async function* chunks(
  ...parts: readonly (string | Uint8Array)[]
): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

/** A task that is right, given a model `iris`. */
export const irisTask: TaskDraft = {
  labels: { team: 'risk' },
  spec: {
    source: { topic: 'iris-in' },
    sink: { topic: 'iris-out' },
    predictor: { onnx: { model: 'iris', features: ['a', 'b', 'c', 'd'] } },
  },
};

/** Whether an error is of the domain, of this code, with faults at exactly these fields. */
export function fails(code: DomainError['code'], ...fields: readonly string[]) {
  return (error: unknown): boolean => {
    if (!(error instanceof DomainError)) throw error;
    const found = error.violations.map(({ field }) => field);
    if (error.code !== code || (fields.length > 0 && found.join() !== fields.join())) {
      throw new Error(`${error.code} at [${found.join(', ')}]: ${error.message}`);
    }
    return true;
  };
}

const rowCounter: ModelRunner = {
  async check(path) {
    const { readFile } = await import('node:fs/promises');
    if ((await readFile(path, 'utf8')).startsWith('bad')) throw new DomainError('MODEL_INVALID');
    return signature;
  },
  async predict({ rows }) {
    return rows.map((_row, index) => ({ label: index }));
  },
  async dryRun({ records }) {
    const record = { partition: 0, offset: 5, key: 'k', input: '{}', error: '' };
    return { faults: [], records: Array.from({ length: records }, () => record) };
  },
  async scoreFiles({ files }) {
    return { records: files.length };
  },
};
