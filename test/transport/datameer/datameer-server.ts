import type { TestContext } from 'node:test';
import type { SpecDraft } from '../../../src/domain/draft.js';
import type { Task } from '../../../src/domain/task.js';
import type { Caller, Role } from '../../../src/domain/user.js';
import { hashPassword } from '../../../src/secrets/passwords.js';
import { createDatameer } from '../../../src/transport/datameer/dialect.js';
import { addUser } from '../../service/world.js';
import {
  type CoreOptions,
  dataDirFor,
  irisSpec,
  openCore,
  serveDialect,
  uploadFixture,
} from '../dialect-server.js';

/** What tests may choose. */
export interface DatameerOptions extends CoreOptions {
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
    const dataDir = await dataDirFor(test, () => server.#open.close());
    const server = new DatameerServer(dataDir, options, await open(dataDir, options));
    for (const [name, role] of users) {
      await addUser(server.store, name, role, {
        passwordHash: await hashPassword(`password-${name}`),
      });
    }
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
    await uploadFixture(this.service, c1, [modelId, fixture]);
  }

  /** Defines a task of c1 that scores `{"features": […]}` with the model `iris`, but for what is given. */
  async define(taskId: string, spec: SpecDraft = {}): Promise<Task> {
    const view = await this.service.createTask(c1, {
      parent: 'users/c1',
      taskId,
      task: { spec: irisSpec(spec) },
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
  const { timeZone = 'America/New_York', oldJobDetails = false } = options;
  const core = await openCore(dataDir, options);
  const server = await serveDialect(core, createDatameer({ ...core, timeZone, oldJobDetails }));
  return {
    ...core,
    url: server.url,
    async close() {
      await server.drain(0);
      await core.close();
    },
  };
}
