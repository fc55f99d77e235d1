import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createContextValues } from '@connectrpc/connect';
import { systemClock } from '../../../src/domain/clock.js';
import type { SpecDraft } from '../../../src/domain/draft.js';
import type { Task } from '../../../src/domain/task.js';
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
import { coreInterceptors, registerCore } from '../../../src/transport/core/register.js';
import { createDatameer } from '../../../src/transport/datameer/dialect.js';
import { createRest } from '../../../src/transport/rest/rest-handler.js';
import { baseInterceptors } from '../../../src/transport/server/interceptors.js';
import { startServer } from '../../../src/transport/server/server.js';
import { memoryLogControl } from '../../service/world.js';
import { fixturePath } from '../../support/fixtures.js';

/** What tests may choose. */
export interface DatameerOptions {
  readonly brokers?: readonly string[];
  readonly tasksMax?: number;
  readonly timeZone?: string;
  readonly oldJobDetails?: boolean;
}

type Open = Awaited<ReturnType<typeof open>>;

/** A service under test. It can be ended and begun again on the same data directory. */
export class DatameerServer {
  readonly #dataDir: string;
  readonly #options: DatameerOptions;
  #open: Open;

  private constructor(dataDir: string, options: DatameerOptions, first: Open) {
    this.#dataDir = dataDir;
    this.#options = options;
    this.#open = first;
  }

  /** Starts it with the users c1 and c2 (operators), looker and boss (admin); their passwords are `password-NAME`. */
  static async start(test: TestContext, options: DatameerOptions = {}): Promise<DatameerServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'predictd-datameer-'));
    const server = new DatameerServer(dataDir, options, await open(dataDir, options));
    test.after(async () => {
      await server.#open.close();
      await rm(dataDir, { recursive: true, force: true });
    });
    for (const [name, role] of users) await addUser(server.#open, name, role);
    await server.upload('iris', 'iris.onnx');
    return server;
  }

  get url(): string {
    return this.#open.url;
  }

  get service() {
    return this.#open.service;
  }

  get store() {
    return this.#open.store;
  }

  /** Ends the service as SIGTERM does, and begins it anew. */
  async restart(): Promise<void> {
    await this.#open.close();
    this.#open = await open(this.#dataDir, this.#options);
  }

  async upload(modelId: string, fixture: string): Promise<void> {
    const chunk = await readFile(fixturePath(fixture));
    const chunks = (async function* () {
      yield chunk;
    })();
    await this.service.uploadModel(c1, { parent: 'users/c1', modelId, chunks });
  }

  /** Defines a task of c1 that scores `{"features": […]}` with the model `iris`, but for what is given. */
  async define(taskId: string, spec: SpecDraft = {}): Promise<Task> {
    const view = await this.service.createTask(c1, {
      parent: 'users/c1',
      taskId,
      task: {
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
    return view.task;
  }
}

/** Who owns the tasks of the tests. */
export const c1: Caller = { name: 'c1', role: 'OPERATOR', projects: [] };

const users: readonly (readonly [string, Role])[] = [
  ['c1', 'OPERATOR'],
  ['c2', 'OPERATOR'],
  ['looker', 'VIEWER'],
  ['boss', 'ADMIN'],
];

async function open(dataDir: string, options: DatameerOptions) {
  const { brokers = ['127.0.0.1:9092'], tasksMax = 4, timeZone = 'America/New_York' } = options;
  const log = createLog('error');
  const vault = await openVault(dataDir);
  const store = await openStore({ dataDir, log, vault });
  const modelFiles = await openModelFiles(dataDir);
  const feed = createChangeFeed();
  const clock = systemClock;
  const variables = { PATH: '/usr/bin' };
  const runner = { brokers, allowEgress: [], fastCodec: true, scoreTimeoutMs: 30_000, variables };
  const logs = await openExecutionLogs(dataDir);
  const deadLetters = createDeadLetters({ allowEgress: brokers });
  const core = { store, modelFiles, logs, deadLetters, feed, clock };
  const supervisor = await TaskSupervisor.open({ ...core, log, tasksMax, runner });
  const secrets = {
    hashPassword,
    hashToken,
    newPassword,
    newToken,
    newSecretKey,
    seal: vault.seal,
  };
  const modelRunner = createModelRunner({ ...runner, modelPath: modelFiles.path });
  const settings = { brokers, allowEgress: [] };
  const service = createService({
    ...core,
    supervisor,
    modelRunner,
    secrets,
    settings,
    logControl: memoryLogControl(),
    archive: () => archive(dataDir, store),
  });
  const verifyPassword = createPasswordVerifier().verify;
  const authenticator = createAuthenticator({ store, verifyPassword, hashToken, now: clock.now });
  const { oldJobDetails = false } = options;
  const { now } = clock;
  const dialect = createDatameer({ service, authenticator, timeZone, now, oldJobDetails });
  const interceptors = [...baseInterceptors(log), ...coreInterceptors({ authenticator })];
  const rest = createRest({
    interceptors,
    representations: new Map(
      dialect.representations.map((each) => [each.service, each.representation]),
    ),
    contextValues: () => createContextValues(),
    onFault: (error) => log.error({ err: error }, 'a REST call failed'),
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
  return {
    url: server.url,
    service,
    store,
    async close() {
      await Promise.all([server.drain(0), supervisor.drain()]);
      await store.close();
    },
  };
}

async function addUser({ store }: Open, name: string, role: Role): Promise<void> {
  const passwordHash = await hashPassword(`password-${name}`);
  await store.write(async (writes) =>
    writes.insertUser({
      id: await writes.nextId(),
      name,
      role,
      passwordHash,
      tokenHash: hashToken(`token-${name}`),
      secretKeySealed: '',
      projects: [],
      createdAt: 1,
    }),
  );
}
