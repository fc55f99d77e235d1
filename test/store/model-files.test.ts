import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openModelFiles, removeUnusedModels } from '../../src/store/model-files.js';
import {
  domainError,
  sampleModel,
  sampleUser,
  temporaryDirectory,
  temporaryStore,
} from './support.js';

test('a kept file lies under its hash, read-only, and can be removed', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const files = await openModelFiles(dataDir);
  const bytes = randomBytes(100_000);
  const incoming = await files.receive(bytes.length);
  await incoming.append(bytes.subarray(0, 60_000));
  await incoming.append(bytes.subarray(60_000));
  const { sha256, sizeBytes, path } = await incoming.finish();
  assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.equal(sizeBytes, bytes.length);
  assert.deepEqual(await readFile(path), bytes);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await incoming.keep();
  await incoming.drop();
  assert.deepEqual(await readFile(files.path(sha256)), bytes);
  assert.equal((await stat(files.path(sha256))).mode & 0o777, 0o400);
  assert.deepEqual(await readdir(join(dataDir, 'models')), [basename(files.path(sha256))]);
  await files.remove(sha256);
  await files.remove(sha256);
  assert.deepEqual(await readdir(join(dataDir, 'models')), []);
});

test('the same bytes can be kept twice', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const files = await openModelFiles(dataDir);
  for (let time = 0; time < 2; time += 1) {
    const incoming = await files.receive(10);
    await incoming.append(Buffer.from('model'));
    await incoming.finish();
    await incoming.keep();
  }
  assert.equal((await readdir(join(dataDir, 'models'))).length, 1);
});

test('nothing stays of a file that is too large, dropped or left behind by a crash', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const files = await openModelFiles(dataDir);
  const large = await files.receive(9);
  await large.append(Buffer.alloc(9));
  await assert.rejects(large.append(Buffer.alloc(1)), domainError('MODEL_TOO_LARGE', /9 bytes/));
  await large.drop();
  await large.drop();
  const finished = await files.receive(9);
  await finished.finish();
  await finished.drop();
  await assert.rejects(finished.keep(), /dropped, not finished/);
  assert.deepEqual(await readdir(join(dataDir, 'models')), []);
  await writeFile(join(dataDir, 'models', 'left.partial'), 'half');
  await openModelFiles(dataDir);
  assert.deepEqual(await readdir(join(dataDir, 'models')), []);
});

test('a path is only made of a hash', async (t) => {
  const files = await openModelFiles(await temporaryDirectory(t));
  assert.throws(() => files.path('../../etc/passwd'), /named by a SHA-256/);
});

test('a file that no model names, of a crash before its row, goes at the next start', async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  const files = await openModelFiles(dataDir);
  const keep = async (text: string) => {
    const incoming = await files.receive(10);
    await incoming.append(Buffer.from(text));
    const { sha256 } = await incoming.finish();
    await incoming.keep();
    return sha256;
  };
  const sha256 = await keep('named');
  await keep('orphan');
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertModel({ ...sampleModel(2), sha256 });
  });
  assert.equal(await removeUnusedModels(dataDir, store), 1);
  assert.deepEqual(await readdir(join(dataDir, 'models')), [basename(files.path(sha256))]);
});
