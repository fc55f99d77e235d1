import { createHash, randomUUID } from 'node:crypto';
import { chmod, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../domain/errors.js';
import type { IncomingFile, ModelFiles, Reads } from '../domain/ports.js';
import { makePrivateDirectory, syncDirectory } from '../secrets/private-files.js';
import { fileFailureOf } from './failures.js';
import { modelFilePattern, modelsName } from './layout.js';

const partialSuffix = '.partial';
const sha256Pattern = /^[0-9a-f]{64}$/;

/**
 * The directory DIR/models: `<sha256>.onnx`, read-only for the service's account alone. Files that an earlier process
 * was receiving are removed, so the caller must hold the lock of the data directory.
 */
export async function openModelFiles(dataDir: string): Promise<ModelFiles> {
  const directory = join(dataDir, modelsName);
  await makePrivateDirectory(directory);
  for (const name of await readdir(directory)) {
    if (name.endsWith(partialSuffix)) await rm(join(directory, name), { force: true });
  }
  return {
    receive: (maxBytes) => guarded(() => receive(directory, maxBytes)),
    path: (sha256) => modelPath(directory, sha256),
    remove: (sha256) =>
      guarded(async () => {
        await rm(modelPath(directory, sha256), { force: true });
        await syncDirectory(directory);
      }),
  };
}

/**
 * Removes the files that no model names, and answers how many: of a process that ended between a file and its row. To be called
 * before anything is uploaded.
 */
export async function removeUnusedModels(
  dataDir: string,
  store: Pick<Reads, 'modelBySha256'>,
): Promise<number> {
  const directory = join(dataDir, modelsName);
  let removed = 0;
  for (const name of await readdir(directory)) {
    const [, sha256] = modelFilePattern.exec(name) ?? [];
    if (sha256 === undefined || (await store.modelBySha256(sha256))) continue;
    await rm(join(directory, name), { force: true });
    removed += 1;
  }
  return removed;
}

function modelPath(directory: string, sha256: string): string {
  if (!sha256Pattern.test(sha256)) throw new Error('A model file is named by a SHA-256.');
  return join(directory, `${sha256}.onnx`);
}

async function receive(directory: string, maxBytes: number): Promise<IncomingFile> {
  const partial = join(directory, `${randomUUID()}${partialSuffix}`);
  const file = await open(partial, 'wx', 0o600);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  let state: 'receiving' | 'broken' | 'finished' | 'kept' | 'dropped' = 'receiving';
  let sha256 = '';
  const expect = (wanted: typeof state) => {
    if (state !== wanted) throw new Error(`The incoming file is ${state}, not ${wanted}.`);
  };
  return {
    append: (chunk) =>
      guarded(async () => {
        expect('receiving');
        if (sizeBytes + chunk.byteLength > maxBytes) throw tooLarge(maxBytes);
        sizeBytes += chunk.byteLength;
        hash.update(chunk);
        /** After a failed write the file and the hash may differ, so nothing more is taken. */
        state = 'broken';
        await file.writeFile(chunk);
        state = 'receiving';
      }),
    finish: () =>
      guarded(async () => {
        expect('receiving');
        await file.sync();
        await file.close();
        sha256 = hash.digest('hex');
        state = 'finished';
        return { sha256, sizeBytes, path: partial };
      }),
    keep: () =>
      guarded(async () => {
        expect('finished');
        await chmod(partial, 0o400);
        await rename(partial, modelPath(directory, sha256));
        state = 'kept';
        await syncDirectory(directory);
      }),
    drop: () =>
      guarded(async () => {
        if (state === 'kept' || state === 'dropped') return;
        if (state !== 'finished') await file.close();
        state = 'dropped';
        await rm(partial, { force: true });
      }),
  };
}

function tooLarge(maxBytes: number): DomainError {
  return new DomainError('MODEL_TOO_LARGE', {
    message: `The model is larger than ${maxBytes} bytes.`,
    metadata: { maxBytes: String(maxBytes) },
  });
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (err) {
    throw fileFailureOf(err);
  }
}
