import { createReadStream } from 'node:fs';
import { link, mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, extract, type Pack, pack } from 'tar-stream';
import { invalidField } from '../domain/errors.js';
import { makePrivateDirectory, syncDirectory } from '../secrets/private-files.js';
import { fileFailureOf } from './failures.js';
import type { SqliteStore } from './store.js';

const databaseName = 'predictd.db';
const keyName = 'key';
const modelsName = 'models';
/** Empty and last: without it the archive was cut off. */
const endName = 'end';
/** What may be in an archive; nothing else is ever written to disk from one. */
const entryNames = /^(?:predictd\.db|key|end|models\/[0-9a-f]{64}\.onnx)$/;

/**
 * A tar archive of a data directory in use, as of one moment: the database, the key and the models. It takes the space
 * of a copy of the database until the iteration ends, however it ends.
 */
export async function* archive(
  dataDir: string,
  store: Pick<SqliteStore, 'backup'>,
): AsyncGenerator<Uint8Array> {
  const snapshot = await takeSnapshot(dataDir, store);
  const tar = pack();
  // A reader that leaves destroys the archive; the fault is then the reader's.
  const filled = fill(tar, snapshot).catch((error: Error) => tar.destroy(error));
  try {
    for await (const chunk of tar) yield chunk as Uint8Array;
  } finally {
    tar.destroy();
    await filled;
    await rm(snapshot, { recursive: true, force: true });
  }
}

/** Models are linked, so that one deleted meanwhile is still in the archive that names it. */
async function takeSnapshot(dataDir: string, store: Pick<SqliteStore, 'backup'>): Promise<string> {
  const snapshot = await mkdtemp(join(dataDir, 'backup-'));
  try {
    await mkdir(join(snapshot, modelsName));
    const models = await readdir(join(dataDir, modelsName));
    for (const name of models.filter((file) => entryNames.test(`${modelsName}/${file}`))) {
      await link(join(dataDir, modelsName, name), join(snapshot, modelsName, name));
    }
    await link(join(dataDir, keyName), join(snapshot, keyName));
    await store.backup(join(snapshot, databaseName));
    return snapshot;
  } catch (error) {
    await rm(snapshot, { recursive: true, force: true });
    throw fileFailureOf(error);
  }
}

async function fill(tar: Pack, folder: string): Promise<void> {
  const models = await readdir(join(folder, modelsName));
  const names = [databaseName, keyName, ...models.map((name) => `${modelsName}/${name}`)];
  for (const name of names) {
    const path = join(folder, name);
    const { size, mtime } = await stat(path);
    await pipeline(createReadStream(path), tar.entry({ name, size, mtime, mode: 0o600 }));
  }
  tar.entry({ name: endName }, '');
  tar.finalize();
}

/**
 * Makes a data directory of an archive. INVALID_FIELD if the directory is not empty or the archive is not whole; nothing
 * of it is left behind then.
 */
export async function restore(file: string, dataDir: string): Promise<void> {
  await makePrivateDirectory(dataDir);
  if ((await readdir(dataDir)).length > 0) {
    throw invalidField('data', 'NOT_EMPTY', `${dataDir} is not empty; name a new directory.`);
  }
  const seen = new Set<string>();
  try {
    const entries = extract();
    const source = createReadStream(file);
    // An archive that was cut off would otherwise be waited for.
    source.once('end', () => entries.end());
    source.once('error', (error) => entries.destroy(error));
    source.pipe(entries, { end: false });
    for await (const entry of entries) {
      const { name } = entry.header;
      if (!entryNames.test(name) || seen.has(name)) throw foreign(file, name);
      seen.add(name);
      if (!(await write(entry, join(dataDir, name)))) throw foreign(file, name);
    }
    if (![databaseName, keyName, endName].every((name) => seen.has(name))) {
      throw foreign(file, 'its end');
    }
    await rm(join(dataDir, endName));
    await syncDirectory(dataDir);
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  }
}

/** Answers whether the entry was there to its end. */
async function write(entry: Entry, path: string): Promise<boolean> {
  await makePrivateDirectory(dirname(path));
  const mode = path.endsWith('.onnx') ? 0o400 : 0o600;
  const file = await open(path, 'wx', mode);
  try {
    let size = 0;
    // An archive that was cut off ends the iteration without an error.
    for await (const chunk of entry) {
      await file.write(chunk);
      size += chunk.length;
    }
    await file.sync();
    return size === entry.header.size;
  } finally {
    await file.close();
  }
}

function foreign(file: string, what: string): Error {
  const description = `${basename(file)} is no whole backup of predictd: look at ${what}.`;
  return invalidField('file', 'NO_BACKUP', description);
}
