import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/domain/clock.js';
import type { SpecDraft } from '../../../src/domain/draft.js';
import type { Caller, Role } from '../../../src/domain/user.js';
import { createDeadLetters } from '../../../src/kafka/dead-letters.js';
import { createModelRunner } from '../../../src/runner/one-shot.js';
import { createPasswordVerifier, hashPassword } from '../../../src/secrets/passwords.js';
import { hashToken, newPassword, newSecretKey, newToken } from '../../../src/secrets/tokens.js';
import { openVault } from '../../../src/secrets/vault.js';
import { createService } from '../../../src/service/create-service.js';
import { archive } from '../../../src/store/archive.js';
import { openExecutionLogs } from '../../../src/store/execution-logs.js';
import { openModelFiles } from '../../../src/store/model-files.js';
import { openStore } from '../../../src/store/store.js';
import { createChangeFeed } from '../../../src/supervisor/change-feed.js';
import { TaskSupervisor } from '../../../src/supervisor/supervisor.js';
import { createLog } from '../../../src/telemetry/log.js';
import { createAuthenticator } from '../../../src/transport/auth.js';
import { callContext } from '../../../src/transport/caller.js';
import { coreInterceptors, registerCore } from '../../../src/transport/core/register.js';
import { createKandasearch } from '../../../src/transport/kandasearch/dialect.js';
import { createRest } from '../../../src/transport/rest/rest-handler.js';
import { baseInterceptors } from '../../../src/transport/server/interceptors.js';
import { startServer } from '../../../src/transport/server/server.js';
import { memoryLogControl } from '../../service/world.js';
import { fixturePath } from '../../support/fixtures.js';

/** The project that the user `member` may read. */
export const memberProject = randomUUID();

/** What tests may choose. */
export interface KandasearchOptions {
  readonly brokers?: readonly string[];
  readonly now?: () => number;
  readonly tasksMax?: number;
}

export type KandasearchServer = Awaited<ReturnType<typeof startKandasearch>>;

const users: readonly (readonly [name: string, role: Role, project?: string])[] = [
  ['boss', 'ADMIN'],
  ['owner', 'OPERATOR'],
  ['looker', 'VIEWER'],
  ['member', 'VIEWER', memberProject],
];

/** Hashing is slow on purpose, so that it is done once for all tests of a file. */
const passwordHashes = new Map<string, Promise<string>>();

function passwordHashOf(name: string): Promise<string> {
  const known = passwordHashes.get(name) ?? hashPassword(`password-${name}`);
  passwordHashes.set(name, known);
  return known;
}

/** The admin of the tests. */
export const boss: Caller = { name: 'boss', role: 'ADMIN', projects: [] };

/**
 * The dialect beside the core on a real store, supervisor and listener. The users' tokens are `token-NAME`, and their
 * passwords `password-NAME`; boss has the model `iris`. Ends with the test.
 */
export async function startKandasearch(test: TestContext, options: KandasearchOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'predictd-kandasearch-'));
  const log = createLog('error');
  const vault = await openVault(dataDir);
  const store = await openStore({ dataDir, log, vault });
  const modelFiles = await openModelFiles(dataDir);
  const feed = createChangeFeed();
  const clock = systemClock;
  const { brokers = ['127.0.0.1:9092'], tasksMax = 4, now = clock.now } = options;
  const runner = {
    brokers,
    allowEgress: [],
    fastCodec: true,
    scoreTimeoutMs: 30_000,
    variables: { PATH: '/usr/bin' },
  };
  const logs = await openExecutionLogs(dataDir);
  const deadLetters = createDeadLetters({ allowEgress: brokers });
  const core = { store, modelFiles, logs, deadLetters, feed, clock };
  const supervisor = await TaskSupervisor.open({ ...core, log, tasksMax, runner });
  const modelRunner = createModelRunner({ ...runner, modelPath: modelFiles.path });
  const { seal, unseal } = vault;
  const secrets = { hashPassword, hashToken, newPassword, newToken, newSecretKey, seal };
  const settings = { brokers, allowEgress: [] };
  const backup = { logControl: memoryLogControl(), archive: () => archive(dataDir, store) };
  const service = createService({ ...core, ...backup, supervisor, modelRunner, secrets, settings });
  const verifyPassword = createPasswordVerifier().verify;
  const authenticator = createAuthenticator({ store, verifyPassword, hashToken, now });
  const { receive: receiveFile } = modelFiles;
  const sessions = { store, seal, unseal, now };
  const dialect = createKandasearch({ service, authenticator, receiveFile, ...sessions });
  const interceptors = [...baseInterceptors(log), ...coreInterceptors({ authenticator })];
  const faults: unknown[] = [];
  const rest = createRest({
    interceptors,
    representations: new Map(
      dialect.representations.map((each) => [each.service, each.representation]),
    ),
    contextValues: callContext,
    onFault: (reason) => faults.push(reason),
  });
  const server = await startServer({
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
  test.after(async () => {
    await Promise.all([server.drain(0), supervisor.drain()]);
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  for (const [name, role, project] of users) {
    const passwordHash = await passwordHashOf(name);
    await store.write(async (writes) =>
      writes.insertUser({
        id: await writes.nextId(),
        name,
        role,
        passwordHash,
        tokenHash: hashToken(`token-${name}`),
        secretKeySealed: '',
        projects: project === undefined ? [] : [project],
        createdAt: 1,
      }),
    );
  }
  const chunk = await readFile(fixturePath('iris.onnx'));
  const chunks = (async function* () {
    yield chunk;
  })();
  await service.uploadModel(boss, { parent: 'users/me', modelId: 'iris', chunks });
  return {
    url: server.url,
    service,
    store,
    /** What was thrown without being meant for a caller. */
    faults,
    /** A target of boss that scores `{"features": […]}` with the model `iris`, but for what is given. */
    async target(spec: SpecDraft = {}): Promise<string> {
      const { uid } = await service.createTarget(boss, {
        targetId: `target-${randomUUID()}`,
        target: {
          spec: {
            source: { topic: 'iris-in' },
            sink: { topic: 'iris-out' },
            predictor: { onnx: { model: 'iris' } },
            heapMin: '64m',
            heapMax: '256m',
            ...spec,
          },
        },
      });
      return uid;
    },
    /** Files that lie in the store of models and that no model is. */
    async leftovers(): Promise<readonly string[]> {
      return (await readdir(join(dataDir, 'models'))).filter((name) => !name.endsWith('.onnx'));
    },
  };
}
