import { createReadStream } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Entry, extract, type Pack, pack } from 'tar-stream';
import { invalidField } from '../domain/errors.js';
import { codeOf, makePrivateDirectory, syncDirectory } from '../secrets/private-files.js';
import { databaseName, keyName, modelsName } from './layout.js';
import { beginRestore, endRestore } from './restore-mark.js';
import { type CopiesDatabase, takeSnapshot } from './snapshot.js';

/** Empty and last: without it the archive was cut off. */
const endName = 'end';
/** What may be in an archive; nothing else is ever written to disk from one. */
const entryNames = /^(?:predictd\.db|key|end|models\/[0-9a-f]{64}\.onnx)$/;

/**
 * A tar archive of a data directory in use, as of one moment: the database, the key and the models. It takes the space
 * of a copy of the database until the iteration ends, however it ends.
 */
export async function* archive(dataDir: string, store: CopiesDatabase): AsyncGenerator<Uint8Array> {
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
  if ((await readdir(dataDir)).length > 0) throw notEmpty(dataDir);
  await beginRestore(dataDir).catch((error: unknown) => {
    throw codeOf(error) === 'EEXIST' ? notEmpty(dataDir) : error;
  });
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
    await makePrivateDirectory(join(dataDir, modelsName));
    await syncDirectory(join(dataDir, modelsName));
    await endRestore(dataDir);
  } catch (error) {
    // What hinders that, such as a disk that is mounted there, must not hide why it failed.
    await rm(dataDir, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

function notEmpty(dataDir: string): Error {
  return invalidField('data', 'NOT_EMPTY', `${dataDir} is not empty; name a new directory.`);
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
      await file.writeFile(chunk);
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
