import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../src/domain/clock.js';
import type { SpecDraft } from '../../src/domain/draft.js';
import type { Caller } from '../../src/domain/user.js';
import { createDeadLetters } from '../../src/kafka/dead-letters.js';
import { createModelRunner } from '../../src/runner/one-shot.js';
import { createPasswordVerifier, hashPassword } from '../../src/secrets/passwords.js';
import { hashToken, newPassword, newSecretKey, newToken } from '../../src/secrets/tokens.js';
import { openVault } from '../../src/secrets/vault.js';
import { createService, type Service } from '../../src/service/create-service.js';
import { archive } from '../../src/store/archive.js';
import { openExecutionLogs } from '../../src/store/execution-logs.js';
import { openModelFiles } from '../../src/store/model-files.js';
import { openStore } from '../../src/store/store.js';
import { createChangeFeed } from '../../src/supervisor/change-feed.js';
import { TaskSupervisor } from '../../src/supervisor/supervisor.js';
import { createLog } from '../../src/telemetry/log.js';
import { createAuthenticator } from '../../src/transport/auth.js';
import { callContext } from '../../src/transport/caller.js';
import { coreInterceptors, registerCore } from '../../src/transport/core/register.js';
import type { Dialect } from '../../src/transport/dialect.js';
import { createRest } from '../../src/transport/rest/rest-handler.js';
import { baseInterceptors } from '../../src/transport/server/interceptors.js';
import { type Server, startServer } from '../../src/transport/server/server.js';
import { memoryLogControl, upload } from '../service/world.js';
import { fixturePath } from '../support/fixtures.js';

/** What tests may choose of the core. */
export interface CoreOptions {
  /** By default none that answers. */
  readonly brokers?: readonly string[];
  readonly allowEgress?: readonly string[];
  readonly tasksMax?: number;
  /** The time by which credentials end; the real one otherwise. */
  readonly now?: () => number;
}

export type WholeCore = Awaited<ReturnType<typeof openCore>>;

/** The use cases on a real store and supervisor, as `serve` composes them. */
export async function openCore(dataDir: string, options: CoreOptions = {}) {
  const { brokers = ['127.0.0.1:9092'], allowEgress = [], tasksMax = 4 } = options;
  const log = createLog('error');
  const vault = await openVault(dataDir);
  const store = await openStore({ dataDir, log, vault });
  const modelFiles = await openModelFiles(dataDir);
  const logs = await openExecutionLogs(dataDir);
  const deadLetters = createDeadLetters({ allowEgress: brokers });
  const core = {
    store,
    modelFiles,
    logs,
    deadLetters,
    feed: createChangeFeed(),
    clock: systemClock,
  };
  const settings = { brokers, allowEgress };
  const variables = { PATH: '/usr/bin' };
  const runner = { ...settings, fastCodec: true, scoreTimeoutMs: 30_000, variables };
  const supervisor = await TaskSupervisor.open({ ...core, log, tasksMax, runner });
  const { seal, unseal } = vault;
  const service = createService({
    ...core,
    supervisor,
    modelRunner: createModelRunner({ ...runner, modelPath: modelFiles.path }),
    secrets: { hashPassword, hashToken, newPassword, newToken, newSecretKey, seal },
    settings,
    logControl: memoryLogControl(),
    archive: () => archive(dataDir, store),
  });
  const now = options.now ?? systemClock.now;
  const verifyPassword = createPasswordVerifier().verify;
  const authenticator = createAuthenticator({ store, verifyPassword, hashToken, now });
  return {
    ...{ store, service, supervisor, modelFiles, authenticator, seal, unseal, now },
    async close() {
      await supervisor.drain();
      await store.close();
    },
  };
}

/** Serves the core and a dialect on a real listener; `faults` are what it did not expect. */
export async function serveDialect(
  { service, authenticator }: Pick<WholeCore, 'service' | 'authenticator'>,
  dialect: Dialect,
): Promise<Pick<Server, 'url' | 'drain'> & { readonly faults: readonly unknown[] }> {
  const faults: unknown[] = [];
  const log = { info() {}, warn() {}, error: (fields: object) => void faults.push(fields) };
  const interceptors = [...baseInterceptors(log), ...coreInterceptors({ authenticator })];
  const rest = createRest({
    interceptors,
    representations: new Map(
      dialect.representations.map((each) => [each.service, each.representation]),
    ),
    contextValues: callContext,
    onFault: (reason) => faults.push(reason),
  });
  const { url, drain } = await startServer({
    host: '127.0.0.1',
    port: 0,
    routes(router) {
      const tapped = rest.tap(router);
      registerCore(tapped, service);
      dialect.register(tapped);
    },
    interceptors,
    contextValues: callContext,
    fallback: rest.handler,
    readiness: async () => [],
    log,
  });
  return { url, drain, faults };
}

/** What scores `{"features": […]}` with the model `iris`, but for what is given. */
export function irisSpec(change: SpecDraft = {}): SpecDraft {
  return {
    source: { topic: 'iris-in' },
    sink: { topic: 'iris-out' },
    predictor: { onnx: { model: 'iris' } },
    heapMin: '64m',
    heapMax: '256m',
    ...change,
  };
}

/** Uploads a model of the fixtures. */
export async function uploadFixture(
  service: Service,
  caller: Caller,
  [modelId, file]: readonly [modelId: string, file: string],
): Promise<void> {
  await upload(service, caller, modelId, await readFile(fixturePath(file)));
}

/** A directory for data, which is gone after the test and after `close`. */
export async function dataDirFor(
  test: TestContext,
  close: () => Promise<unknown>,
): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'predictd-dialect-'));
  test.after(async () => {
    await close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return dataDir;
}
