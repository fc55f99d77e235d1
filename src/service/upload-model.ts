import { randomUUID } from 'node:crypto';
import { DomainError, invalidField } from '../domain/errors.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import type { Model } from '../domain/model.js';
import { modelResourceName, parseUserName, resourceIdFault } from '../domain/names.js';
import type { IncomingFile, Reads } from '../domain/ports.js';
import type { Caller } from '../domain/user.js';
import { assertCredentialsStay, assertUserStays, findUser } from './access.js';
import type { Room } from './deps.js';
import { assertStillUser, type OpenCall } from './open-calls.js';

export interface UploadModelRequest {
  /** `users/{user}`. */
  readonly parent: string;
  readonly modelId: string;
  /** Of the whole file, in hexadecimal; empty: not known. */
  readonly sha256?: string;
  /** The file in order. It is not read to its end if the answer is known before. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Receives a model, tries it in a process of its own, and keeps it. The same bytes under the same name are the same
 * model. A hash alone gives only what the owner has already: others must show that they have the bytes.
 */
export function uploadModel(room: Room) {
  return async (caller: Caller, request: UploadModelRequest): Promise<Model> => {
    const call = room.calls.open(caller.name);
    try {
      await assertCredentialsStay(room.store, caller);
      const wanted = await read(room, caller, request);
      const known = await knownBefore(room, wanted);
      return known ?? (await receive(room, { caller, call, wanted, chunks: request.chunks }));
    } finally {
      call.close();
    }
  };
}

interface Incoming extends Pick<UploadModelRequest, 'chunks'> {
  readonly caller: Caller;
  readonly call: OpenCall;
  readonly wanted: Wanted;
}

async function receive(room: Room, { caller, call, wanted, chunks }: Incoming): Promise<Model> {
  const file = await room.modelFiles.receive(limits.modelBytesMax);
  try {
    for await (const chunk of chunks) {
      assertStillUser(call);
      await file.append(chunk);
    }
    return await accept(room, { caller, wanted, file });
  } finally {
    await file.drop();
  }
}

interface Named {
  readonly user: string;
  readonly name: string;
  readonly sha256: string;
}

interface Wanted extends Named {
  /** Of the user when the upload began. */
  readonly userId: number;
}

async function read(room: Room, caller: Caller, request: UploadModelRequest): Promise<Wanted> {
  const faults = new Faults();
  const { parent, modelId: name, sha256 = '' } = request;
  const named = faults.try(() => parseUserName(parent, 'parent'));
  faults.take(resourceIdFault('model_id', name));
  if (sha256 !== '' && !/^[0-9a-fA-F]{64}$/.test(sha256)) {
    faults.add('sha256', 'INVALID_SHA256', 'Give 64 hexadecimal digits, or leave it out.');
  }
  faults.throwIfAny();
  const user = await findUser(room.store, caller, named ?? '');
  return { user: user.name, userId: user.id, name, sha256: sha256.toLowerCase() };
}

/** What can be answered without the bytes. */
async function knownBefore(room: Room, wanted: Wanted): Promise<Model | undefined> {
  if (wanted.sha256 === '') return undefined;
  const same = await sameOrRefused(room.store, wanted);
  if (same) return same;
  const twin = await room.store.modelBySha256(wanted.sha256);
  if (twin?.user !== wanted.user) return undefined;
  return keep(room, { ...wanted, sizeBytes: twin.sizeBytes });
}

/** The model of this name if it has these bytes; MODEL_EXISTS if it has others. */
async function sameOrRefused(reads: Reads, wanted: Named): Promise<Model | undefined> {
  const existing = await reads.modelByName(wanted.user, wanted.name);
  if (!existing || existing.sha256 === wanted.sha256) return existing;
  const resource = modelResourceName(existing);
  throw new DomainError('MODEL_EXISTS', {
    message: `"${resource}" holds other bytes. Choose another name, or delete it first.`,
    metadata: { resource, sha256: existing.sha256 },
  });
}

interface Arrived {
  readonly caller: Caller;
  readonly wanted: Wanted;
  readonly file: IncomingFile;
}

async function accept(room: Room, { caller, wanted, file }: Arrived): Promise<Model> {
  const { sha256, sizeBytes, path } = await file.finish();
  if (sizeBytes === 0) throw invalidField('content', 'REQUIRED', 'Send the bytes of the model.');
  if (wanted.sha256 !== '' && wanted.sha256 !== sha256) {
    const description = `The bytes that came have ${sha256}. Send the file again.`;
    throw invalidField('sha256', 'SHA256_MISMATCH', description);
  }
  const received = { ...wanted, sha256, sizeBytes };
  const same = await sameOrRefused(room.store, received);
  if (same) return same;
  await assertRoom(room.store, wanted.user);
  const twin = await room.store.modelBySha256(sha256);
  const check = () => room.modelRunner.check(path);
  const signature = twin ?? (await room.inTurn(caller.name, check));
  return keep(room, received, { file, signature });
}

type Signature = Pick<Model, 'inputs' | 'outputs'>;

/** Writes the row while nobody removes the file. Without a file there must be a model with these bytes. */
function keep(
  room: Room,
  wanted: Wanted & { readonly sizeBytes: number },
  given?: { readonly file: IncomingFile; readonly signature: Signature },
): Promise<Model> {
  const { sha256 } = wanted;
  return room.exclusive(modelFileKey(sha256), async () => {
    await given?.file.keep();
    try {
      return await insert(room, wanted, given?.signature);
    } catch (error) {
      // A disk that is full must not stay full by a file that no model names.
      const isUsed = !given || (await room.store.modelBySha256(sha256).catch(() => true));
      if (!isUsed) await room.modelFiles.remove(sha256).catch(() => undefined);
      throw error;
    }
  });
}

function insert(
  { store, clock }: Room,
  { userId, ...wanted }: Wanted & { readonly sizeBytes: number },
  given: Signature | undefined,
): Promise<Model> {
  return store.write(async (writes) => {
    await assertUserStays(writes, { id: userId, name: wanted.user });
    const same = await sameOrRefused(writes, wanted);
    if (same) return same;
    await assertRoom(writes, wanted.user);
    const signature = given ?? (await writes.modelBySha256(wanted.sha256));
    if (!signature) {
      throw new DomainError('MODEL_NOT_FOUND', { message: 'It was deleted. Send the bytes.' });
    }
    const model: Model = {
      id: await writes.nextId(),
      uid: randomUUID(),
      ...wanted,
      inputs: signature.inputs,
      outputs: signature.outputs,
      createdAt: clock.now(),
    };
    await writes.insertModel(model);
    return model;
  });
}

/** Key of the lock under which a model file and the rows that name it change together. */
export function modelFileKey(sha256: string): string {
  return `model file ${sha256}`;
}

async function assertRoom(reads: Reads, user: string): Promise<void> {
  if ((await reads.countModels(user)) < limits.modelsPerUserMax) return;
  throw new DomainError('QUOTA_EXCEEDED', {
    message: `users/${user} has ${limits.modelsPerUserMax} models, the most there may be. Delete one.`,
    metadata: { quota: 'models_per_user', max: String(limits.modelsPerUserMax) },
  });
}
