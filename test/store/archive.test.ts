import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { archive, restore } from '../../src/store/archive.js';
import { openModelFiles } from '../../src/store/model-files.js';
import { openStore } from '../../src/store/store.js';

async function directory(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'predictd-archive-'));
  t.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** A store with a user and a model, and an archive of it that was taken while it was used. */
async function archived(t: TestContext) {
  const root = await directory(t);
  const dataDir = join(root, 'data');
  const file = join(root, 'backup.tar');
  const store = await openStore({ dataDir });
  t.after(() => store.close());
  const models = await openModelFiles(dataDir);
  const incoming = await models.receive(1_000);
  await incoming.append(Buffer.from('a model'));
  const { sha256 } = await incoming.finish();
  await incoming.keep();
  await store.write((writes) =>
    writes.insertUser({
      id: 1,
      name: 'alice',
      role: 'VIEWER',
      passwordHash: '',
      tokenHash: 't',
      secretKeySealed: '',
      projects: [],
      createdAt: 1,
    }),
  );
  await pipeline(archive(dataDir, store), createWriteStream(file));
  return { root, dataDir, file, sha256, store };
}

test('a restored directory has what the store had, models too', async (t) => {
  const { root, file, sha256, dataDir } = await archived(t);
  const restored = join(root, 'restored');
  await restore(file, restored);
  const store = await openStore({ dataDir: restored });
  t.after(() => store.close());
  assert.equal((await store.userByName('alice'))?.role, 'VIEWER');
  const models = await openModelFiles(restored);
  assert.equal(await readFile(models.path(sha256), 'utf8'), 'a model');
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('backup-'));
  assert.deepEqual(left, [], 'the snapshot goes with the archive');
});

test('a reader that leaves early leaves no snapshot behind', async (t) => {
  const { dataDir, store } = await archived(t);
  for await (const chunk of archive(dataDir, store)) {
    assert.ok(chunk.length > 0);
    break;
  }
  const left = (await readdir(dataDir)).filter((name) => name.startsWith('backup-'));
  assert.deepEqual(left, []);
});

test('restore refuses a directory in use, a cut archive and a foreign file, and leaves nothing', async (t) => {
  const { root, file, dataDir } = await archived(t);
  await assert.rejects(restore(file, dataDir), /not empty/);
  const restored = join(root, 'restored');
  const whole = await readFile(file);
  // In the database, in the key's header, and just before the end.
  for (const length of [10_000, whole.length - 4_096, whole.length - 1_536]) {
    await truncate(file, length);
    await assert.rejects(restore(file, restored), `cut to ${length} bytes`);
    await writeFile(file, whole);
  }
  const foreign = join(root, 'foreign.tar');
  await writeFile(foreign, 'no archive at all'.repeat(100));
  await assert.rejects(restore(foreign, restored));
  assert.ok(!(await readdir(root)).includes('restored'));
});
