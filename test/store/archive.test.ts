import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { archive, restore } from '../../src/store/archive.js';
import { openModelFiles } from '../../src/store/model-files.js';
import { beginRestore } from '../../src/store/restore-mark.js';
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
  const sha256 = await keepModel(dataDir, 'a model');
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

/** Keeps a file as a model's. */
async function keepModel(dataDir: string, text: string): Promise<string> {
  const incoming = await (await openModelFiles(dataDir)).receive(1_000);
  await incoming.append(Buffer.from(text));
  const { sha256 } = await incoming.finish();
  await incoming.keep();
  return sha256;
}

test('a model that comes or goes while the database is copied is in the archive', async (t) => {
  const { root, dataDir, store, sha256: goes } = await archived(t);
  const models = await openModelFiles(dataDir);
  let comes = '';
  const busy = {
    async backup(target: string) {
      comes = await keepModel(dataDir, 'another model');
      await store.backup(target);
      await models.remove(goes);
    },
  };
  const file = join(root, 'busy.tar');
  await pipeline(archive(dataDir, busy), createWriteStream(file));
  const restored = join(root, 'restored');
  await restore(file, restored);
  const names = [comes, goes].map((sha256) => `${sha256}.onnx`);
  assert.deepEqual((await readdir(join(restored, 'models'))).sort(), names.sort());
});

test('what a process left behind that ended while it made an archive goes when the store is opened', async (t) => {
  const dataDir = await directory(t);
  await mkdir(join(dataDir, 'backup-left', 'models'), { recursive: true });
  const store = await openStore({ dataDir });
  t.after(() => store.close());
  assert.ok(!(await readdir(dataDir)).includes('backup-left'));
});

test('nobody opens a directory whose restore was broken off, nor restores into it', async (t) => {
  const { root, file } = await archived(t);
  const restored = join(root, 'restored');
  await mkdir(restored);
  await beginRestore(restored);
  await assert.rejects(openStore({ dataDir: restored }), /has not ended.*restore again/);
  await assert.rejects(restore(file, restored), /not empty/);
  await rm(restored, { recursive: true });
  await restore(file, restored);
  const store = await openStore({ dataDir: restored });
  t.after(() => store.close());
  assert.ok(await store.userByName('alice'));
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
