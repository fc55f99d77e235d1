import type { TestContext } from 'node:test';
import type { Role } from '../../../src/domain/user.js';
import { secretKeyContext } from '../../../src/service/credentials.js';
import { createSymetry } from '../../../src/transport/symetry/dialect.js';
import { addUser } from '../../service/world.js';
import {
  type CoreOptions,
  dataDirFor,
  openCore,
  serveDialect,
  uploadFixture,
} from '../dialect-server.js';

/** The key of every user of the tests, and of the contract's examples. */
export const secretKey = 'AAECAwQFBgcICQoLDA0ODw==';

/** What tests may choose. */
export interface SymetryOptions extends CoreOptions {
  readonly allowPlainTaskInfo?: boolean;
}

export type SymetryServer = Awaited<ReturnType<typeof startSymetry>>;

/**
 * The dialect beside the core on a real store, supervisor and listener, with the users c1, c2 (operators), looker and
 * boss (admin), and the model `iris` of c1. Ends with the test.
 */
export async function startSymetry(test: TestContext, options: SymetryOptions = {}) {
  const dataDir = await dataDirFor(test, async () => {
    await server.drain(0);
    await core.close();
  });
  const core = await openCore(dataDir, options);
  const { store, service, supervisor, seal, unseal, now } = core;
  const { allowPlainTaskInfo = false } = options;
  const dialect = createSymetry({ service, store, unseal, now, allowPlainTaskInfo });
  const server = await serveDialect(core, dialect);
  const add = (name: string, role: Role) => {
    const secretKeySealed = seal(secretKey, secretKeyContext(name));
    return addUser(store, name, role, { secretKeySealed });
  };
  const callers = {
    c1: await add('c1', 'OPERATOR'),
    c2: await add('c2', 'OPERATOR'),
    looker: await add('looker', 'VIEWER'),
    boss: await add('boss', 'ADMIN'),
  };
  const upload = (modelId: string, file: string) =>
    uploadFixture(service, callers.c1, [modelId, file]);
  await upload('iris', 'iris.onnx');
  return { url: server.url, dataDir, store, service, supervisor, callers, upload };
}
