import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Model, UploadModelRequestSchema } from '../../gen/ts/predictd/v1/model_service_pb.js';
import { CommandError } from './exit-code.js';
import type { Invocation } from './invocation.js';
import { unreadable } from './read-input.js';
import { lastPart, parentOf } from './resource-name.js';
import { isLively } from './terminal.js';

/** Uploads a file under a model's resource name. The service answers at once if it has it already. */
export async function uploadModel(
  invocation: Invocation,
  name: string,
  file: string,
): Promise<Model> {
  const handle = await openFile(file);
  try {
    const size = (await handle.stat()).size;
    if (size === 0) throw new CommandError(`${file} is empty`);
    const sha256 = await sha256Of(handle);
    const first = { parent: parentOf(name), modelId: lastPart(name), sha256 };
    const progress = sendingLine(invocation, basename(file), size);
    const { service, signal, timeoutMs } = invocation;
    const call = { signal, timeoutMs: timeoutMs ?? UPLOAD_MS };
    try {
      return await service.models.uploadModel(parts(handle, first, progress.sent), call);
    } finally {
      progress.end();
    }
  } finally {
    await handle.close();
  }
}

type Part = MessageInitShape<typeof UploadModelRequestSchema>;

/** A quarter of what the service takes in one message. */
const CHUNK_BYTES = 1024 * 1024;
/** The largest model over a slow line, and its check. */
const UPLOAD_MS = 10 * 60_000;
/** Often enough to look alive. */
const DRAW_EVERY_MS = 100;

async function openFile(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    throw unreadable(file, error);
  }
  throw new CommandError(`${file} is no file`);
}

async function sha256Of(handle: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(handle)) hash.update(chunk);
  return hash.digest('hex');
}

async function* parts(
  handle: FileHandle,
  first: Part,
  sent: (bytes: number) => void,
): AsyncGenerator<Part> {
  // Alone, so that a service that has the file can answer before any of it is sent.
  yield first;
  let bytes = 0;
  for await (const data of chunksOf(handle)) {
    yield { content: { contentType: 'application/octet-stream', data } };
    bytes += data.length;
    sent(bytes);
  }
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let position = 0; ; ) {
    // A new buffer each time: the transport may still hold the one before.
    const buffer = new Uint8Array(CHUNK_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function sendingLine({ terminal }: Invocation, file: string, size: number) {
  const { stderr, env, now } = terminal;
  if (!isLively(stderr, env)) return { sent: () => {}, end: () => {} };
  let drawnAt = 0;
  const draw = (bytes: number) => {
    const done = Math.floor((bytes / size) * 100);
    const doing = bytes >= size ? 'the service checks it' : `${done}%`;
    stderr.write(`\r\u001b[Kuploading ${file}: ${doing}`);
  };
  draw(0);
  return {
    sent: (bytes: number) => {
      if (bytes < size && now() - drawnAt < DRAW_EVERY_MS) return;
      drawnAt = now();
      draw(bytes);
    },
    end: () => stderr.write('\r\u001b[K'),
  };
}
