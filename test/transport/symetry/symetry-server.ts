import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createContextValues } from '@connectrpc/connect';
import { systemClock } from '../../../src/domain/clock.js';
import type { Caller, Role } from '../../../src/domain/user.js';
import { createDeadLetters } from '../../../src/kafka/dead-letters.js';
import { createModelRunner } from '../../../src/runner/one-shot.js';
import { createPasswordVerifier, hashPassword } from '../../../src/secrets/passwords.js';
import { hashToken, newPassword, newSecretKey, newToken } from '../../../src/secrets/tokens.js';
import { openVault } from '../../../src/secrets/vault.js';
import { createService } from '../../../src/service/create-service.js';
import { secretKeyContext } from '../../../src/service/make-user.js';
import { archive } from '../../../src/store/archive.js';
import { openExecutionLogs } from '../../../src/store/execution-logs.js';
import { openModelFiles } from '../../../src/store/model-files.js';
import { openStore } from '../../../src/store/store.js';
import { createChangeFeed } from '../../../src/supervisor/change-feed.js';
import { TaskSupervisor } from '../../../src/supervisor/supervisor.js';
import { createLog } from '../../../src/telemetry/log.js';
import { createAuthenticator } from '../../../src/transport/auth.js';
import { coreInterceptors, registerCore } from '../../../src/transport/core/register.js';
import { createRest } from '../../../src/transport/rest/rest-handler.js';
import { baseInterceptors } from '../../../src/transport/server/interceptors.js';
import { startServer } from '../../../src/transport/server/server.js';
import { createSymetry } from '../../../src/transport/symetry/dialect.js';
import { memoryLogControl } from '../../service/world.js';
import { fixturePath } from '../../support/fixtures.js';

/** The key of every user of the tests, and of the contract's examples. */
export const secretKey = 'AAECAwQFBgcICQoLDA0ODw==';

/** What tests may choose. */
export interface SymetryOptions {
  /** The server's time; the real one otherwise. */
  readonly now?: () => number;
  readonly allowPlainTaskInfo?: boolean;
  readonly brokers?: readonly string[];
  readonly allowEgress?: readonly string[];
  readonly tasksMax?: number;
}

export type SymetryServer = Awaited<ReturnType<typeof startSymetry>>;

/**
 * The dialect beside the core on a real store, supervisor and listener, with the users c1, c2 (operators), looker and
 * boss (admin), and the model `iris` of c1. Ends with the test.
 */
export async function startSymetry(test: TestContext, options: SymetryOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'predictd-symetry-'));
  const log = createLog('error');
  const vault = await openVault(dataDir);
  const store = await openStore({ dataDir, log, vault });
  const modelFiles = await openModelFiles(dataDir);
  const logs = await openExecutionLogs(dataDir);
  const feed = createChangeFeed();
  const clock = systemClock;
  const { brokers = ['127.0.0.1:9092'], allowEgress = [], tasksMax = 4 } = options;
  const runner = {
    brokers,
    allowEgress,
    fastCodec: true,
    scoreTimeoutMs: 30_000,
    variables: { PATH: '/usr/bin' },
  };
  const supervisor = await TaskSupervisor.open({
    store,
    modelFiles,
    logs,
    feed,
    clock,
    log,
    tasksMax,
    runner,
  });
  const secrets = {
    hashPassword,
    hashToken,
    newPassword,
    newToken,
    newSecretKey,
    seal: vault.seal,
  };
  const modelRunner = createModelRunner({ ...runner, modelPath: modelFiles.path });
  const settings = { brokers, allowEgress };
  const service = createService({
    store,
    supervisor,
    modelRunner,
    modelFiles,
    logs,
    deadLetters: createDeadLetters({ allowEgress: brokers }),
    feed,
    clock,
    secrets,
    logControl: memoryLogControl(),
    archive: () => archive(dataDir, store),
    settings,
  });
  const dialect = createSymetry({
    service,
    store,
    unseal: vault.unseal,
    now: options.now ?? clock.now,
    allowPlainTaskInfo: options.allowPlainTaskInfo ?? false,
  });
  const verifyPassword = createPasswordVerifier().verify;
  const authenticator = createAuthenticator({ store, verifyPassword, hashToken, now: clock.now });
  const interceptors = [...baseInterceptors(log), ...coreInterceptors({ authenticator })];
  const rest = createRest({
    interceptors,
    representations: new Map(
      dialect.representations.map((each) => [each.service, each.representation]),
    ),
    contextValues: () => createContextValues(),
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
    fallback: rest.handler,
    readiness: async () => [],
    log,
  });
  test.after(async () => {
    await server.drain(0);
    await supervisor.drain();
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const addUser = async (name: string, role: Role): Promise<Caller> => {
    await store.write(async (writes) =>
      writes.insertUser({
        id: await writes.nextId(),
        name,
        role,
        passwordHash: 'none',
        tokenHash: hashToken(`token-${name}`),
        secretKeySealed: vault.seal(secretKey, secretKeyContext(name)),
        projects: [],
        createdAt: 1,
      }),
    );
    return { name, role, projects: [] };
  };
  const callers = {
    c1: await addUser('c1', 'OPERATOR'),
    c2: await addUser('c2', 'OPERATOR'),
    looker: await addUser('looker', 'VIEWER'),
    boss: await addUser('boss', 'ADMIN'),
  };
  const upload = async (modelId: string, fixture: string): Promise<void> => {
    const chunk = await readFile(fixturePath(fixture));
    const chunks = (async function* () {
      yield chunk;
    })();
    await service.uploadModel(callers.c1, { parent: 'users/c1', modelId, chunks });
  };
  await upload('iris', 'iris.onnx');
  return { url: server.url, dataDir, store, service, supervisor, callers, upload };
}
