import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { SpecDraft } from '../../../src/domain/draft.js';
import type { Caller, Role } from '../../../src/domain/user.js';
import { hashPassword } from '../../../src/secrets/passwords.js';
import { createKandasearch } from '../../../src/transport/kandasearch/dialect.js';
import { addUser } from '../../service/world.js';
import {
  type CoreOptions,
  dataDirFor,
  irisSpec,
  openCore,
  serveDialect,
  uploadFixture,
} from '../dialect-server.js';

/** The project that the user `member` may read. */
export const memberProject = randomUUID();

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
export async function startKandasearch(test: TestContext, options: CoreOptions = {}) {
  const dataDir = await dataDirFor(test, async () => {
    await server.drain(0);
    await core.close();
  });
  const core = await openCore(dataDir, options);
  const { store, service } = core;
  const server = await serveDialect(
    core,
    createKandasearch({ ...core, receiveFile: core.modelFiles.receive }),
  );
  for (const [name, role, project] of users) {
    const passwordHash = await passwordHashOf(name);
    const projects = project === undefined ? [] : [project];
    await addUser(store, name, role, { passwordHash, projects });
  }
  await uploadFixture(service, boss, ['iris', 'iris.onnx']);
  return {
    url: server.url,
    service,
    store,
    faults: server.faults,
    /** A target of boss that scores `{"features": […]}` with the model `iris`, but for what is given. */
    async target(spec: SpecDraft = {}): Promise<string> {
      const { uid } = await service.createTarget(boss, {
        targetId: `target-${randomUUID()}`,
        target: { spec: irisSpec(spec) },
      });
      return uid;
    },
    /** Files that lie in the store of models and that no model is. */
    async leftovers(): Promise<readonly string[]> {
      return (await readdir(join(dataDir, 'models'))).filter((name) => !name.endsWith('.onnx'));
    },
  };
}
