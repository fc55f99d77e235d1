import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { fixturePath } from '../../support/fixtures.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { modelOfTheFuture, modelWithExternalData } from '../onnx-model.js';
import { describe, Stream, uploadBytes } from '../stream.js';

const mebibyte = 1024 * 1024;

/** Fault 33, at the upload. */
export const badUploads: FaultCase = {
  fault: 33,
  name: 'models that cannot be used are uploaded',
  holds: 'each is refused with a reason, and a running task never notices',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    stream.feed();
    const whole = await readFile(fixturePath('gbt.onnx'));
    const bad: [string, Buffer, Code][] = [
      ['empty', Buffer.alloc(0), Code.InvalidArgument],
      ['text', Buffer.from('not a model'), Code.InvalidArgument],
      ['truncated', whole.subarray(0, whole.length / 2), Code.InvalidArgument],
      ['zeros', Buffer.alloc(mebibyte), Code.InvalidArgument],
      ['opset', modelOfTheFuture(), Code.InvalidArgument],
      ['external', modelWithExternalData('../../../../etc/passwd'), Code.InvalidArgument],
      ['loop', await readFile(fixturePath('loop.onnx')), Code.InvalidArgument],
      ['huge', Buffer.alloc(513 * mebibyte, 1), Code.ResourceExhausted],
    ];
    for (const [name, bytes, code] of bad) {
      await assert.rejects(uploadBytes(stream.connection, name, bytes), (error) => {
        assert.equal(ConnectError.from(error).code, code, `${name}: ${String(error)}`);
        return true;
      });
    }
    const { models } = await stream.connection.models.listModels({ parent: 'users/admin' });
    assert.deepEqual(
      models.map(({ name }) => name),
      ['users/admin/models/iris'],
    );
    await stream.recovers();
    assert.equal((await stream.status()).restartCount, 0);
    return { injected: bad.length, ...(await stream.account()) };
  },
};

/** Fault 33 and 34, on the disk. */
export const modelChangedOnDisk: FaultCase = {
  fault: 33,
  name: 'model file missing, truncated, replaced, a link',
  holds: 'the start fails for good with the reason; with the right file it runs again',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), start: false, records: 500 });
    const path = await modelFile(stream.service.data);
    const whole = await readFile(path);
    const damages: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['missing', () => rm(path)],
      ['truncated', () => truncate(path, 100)],
      ['of other bytes', () => writeFile(path, changed(whole))],
      ['another model', async () => writeFile(path, await readFile(fixturePath('strings.onnx')))],
      ['a link', () => rm(path).then(() => symlink('/etc/passwd', path))],
    ];
    for (const [what, damage] of damages) {
      await damage();
      await stream.start();
      const status = await stream.until('FAILED', ({ state }) => state === State.FAILED);
      assert.match(status.lastError, /MODEL_LOAD_FAILED|MODEL_CHANGED/, what);
      assert.equal(status.restartCount, 0, `${what}: ${describe(status)}`);
      await rm(path, { force: true });
      await writeFile(path, whole);
    }
    await stream.start();
    await stream.running();
    return { injected: damages.length, ...(await stream.account()) };
  },
};

/** Fault 34. */
export const uploadBroken: FaultCase = {
  fault: 34,
  name: 'model upload that stalls, breaks off, or brings other bytes',
  holds:
    'what does not have the promised SHA-256 is refused, and nothing is left of what broke off',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), start: false });
    const { models } = stream.connection;
    const whole = await readFile(fixturePath('gbt.onnx'));
    const sha256 = createHash('sha256').update(whole).digest('hex');
    const part = (data: Uint8Array) => ({
      content: { data, contentType: 'application/octet-stream' },
    });
    const first = { parent: 'users/admin', modelId: 'gbt', sha256 };
    const pinned = models.uploadModel(
      (async function* chunks() {
        yield { ...first, ...part(changed(whole)) };
      })(),
    );
    await assert.rejects(pinned, /SHA|have /);
    const rounds = 20;
    for (let round = 0; round < rounds; round += 1) {
      const broken = new AbortController();
      const upload = models.uploadModel(
        (async function* chunks() {
          yield { ...first, ...part(whole.subarray(0, 1_000)) };
          setTimeout(() => broken.abort(), 20 * lab.random());
          await new Promise((resolve) => setTimeout(resolve, 200));
        })(),
        { signal: broken.signal },
      );
      await assert.rejects(upload);
    }
    await stream.until('the service', () => true);
    await stream.service.end('SIGTERM');
    await stream.serviceAgain();
    const { models: kept } = await stream.connection.models.listModels({ parent: 'users/admin' });
    assert.equal(kept.length, 1);
    const files = await filesBelow(stream.service.data);
    assert.equal(files.filter((name) => name.includes('model')).length, 1, files.join(' '));
    return { injected: rounds + 1 };
  },
};

/** The same length, and other weights: flips bits in the middle of the file, where they are. */
function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length >> 1;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function modelFile(data: string): Promise<string> {
  const [path] = (await filesBelow(data)).filter((name) => name.includes('model'));
  assert.ok(path, 'the model has a file');
  return join(data, path);
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1));
}
