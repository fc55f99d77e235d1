import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { addUser, chunks, fails, irisTask, openWorld, upload } from './world.js';

const parent = 'users/me';
const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

async function* never(): AsyncGenerator<Uint8Array> {
  yield await Promise.reject(new Error('The bytes were asked for.'));
}

test('an upload in chunks is one model with its signature', async (t) => {
  const { service, modelFiles, c1 } = await openWorld(t);
  const model = await service.uploadModel(c1, {
    parent,
    modelId: 'iris',
    sha256: sha256Of('onetwo').toUpperCase(),
    chunks: chunks('one', '', 'two'),
  });
  assert.equal(model.sizeBytes, 6);
  assert.equal(model.sha256, sha256Of('onetwo'));
  assert.deepEqual(model.inputs[0]?.shape, [-1, 4]);
  await access(modelFiles.path(model.sha256));
  const listed = await service.listModels(c1, { parent });
  assert.deepEqual(listed.models, [model]);
});

test('the same bytes under the same name are the same model, other bytes are refused', async (t) => {
  const { service, c1 } = await openWorld(t);
  const first = await upload(service, c1, 'iris', 'bytes');
  const second = await upload(service, c1, 'iris', 'bytes');
  assert.deepEqual(second, first);
  await assert.rejects(upload(service, c1, 'iris', 'other'), fails('MODEL_EXISTS'));
  const known = { parent, modelId: 'iris', sha256: first.sha256, chunks: never() };
  assert.deepEqual(await service.uploadModel(c1, known), first);
  const refused = { parent, modelId: 'iris', sha256: sha256Of('x'), chunks: never() };
  await assert.rejects(service.uploadModel(c1, refused), fails('MODEL_EXISTS'));
});

test('a hash gives the owner a second name for the bytes, but gives nobody else the bytes', async (t) => {
  const { service, c1, c2 } = await openWorld(t);
  const { sha256 } = await upload(service, c1, 'iris', 'bytes');
  const twin = await service.uploadModel(c1, { parent, modelId: 'twin', sha256, chunks: never() });
  assert.equal(twin.sha256, sha256);
  const theft = { parent, modelId: 'mine', sha256, chunks: chunks() };
  await assert.rejects(service.uploadModel(c2, theft), fails('INVALID_FIELD', 'content'));
  const honest = { parent, modelId: 'mine', sha256, chunks: chunks('bytes') };
  assert.equal((await service.uploadModel(c2, honest)).user, 'c2');
});

test('what is refused leaves no file behind', async (t) => {
  const { service, dataDir, c1 } = await openWorld(t);
  await assert.rejects(upload(service, c1, 'bad', 'bad file'), fails('MODEL_INVALID'));
  const wrong = { parent, modelId: 'm', sha256: sha256Of('a'), chunks: chunks('b') };
  await assert.rejects(service.uploadModel(c1, wrong), fails('INVALID_FIELD', 'sha256'));
  const broken = { parent, modelId: 'm', chunks: never() };
  await assert.rejects(service.uploadModel(c1, broken), /asked for/);
  assert.deepEqual(await readdir(join(dataDir, 'models')), []);
});

test('a model is kept while a task names it or an execution runs it', async (t) => {
  const { service, modelFiles, c1 } = await openWorld(t);
  const { sha256 } = await upload(service, c1, 'iris');
  await upload(service, c1, 'next');
  await service.createTask(c1, { parent, taskId: 't', task: irisTask });
  const name = 'users/me/tasks/t';
  const model = 'users/me/models/iris';
  await assert.rejects(service.deleteModel(c1, { name: model }), fails('MODEL_IN_USE'));
  await service.startTask(c1, { name });
  const spec = { predictor: { onnx: { model: 'next' } } };
  await service.updateTask(c1, { name, task: { spec } });
  await assert.rejects(service.deleteModel(c1, { name: model }), fails('MODEL_IN_USE'));
  await service.stopTask(c1, { name });
  await service.deleteModel(c1, { name: model });
  await access(modelFiles.path(sha256));
  await service.deleteTask(c1, { name });
  await service.deleteModel(c1, { name: 'users/me/models/next' });
  await assert.rejects(access(modelFiles.path(sha256)));
});

test('uploads and deletes of the same bytes at the same time never leave a model without its file', async (t) => {
  const { service, store, modelFiles, c1 } = await openWorld(t);
  await upload(service, c1, 'm0', 'same');
  const work = Array.from({ length: 20 }, (_, index) => [
    service.deleteModel(c1, { name: `users/me/models/m${index}` }),
    upload(service, c1, `m${index + 1}`, 'same'),
  ]).flat();
  await Promise.allSettled(work);
  for (const model of await store.listModels('c1', { limit: 100 })) {
    await access(modelFiles.path(model.sha256));
  }
});

test('rows are scored one by one, if they fit the model', async (t) => {
  const { service, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const name = 'users/me/models/iris';
  const features = ['a', 'b', 'c', 'd'];
  const rows = [{}, {}];
  assert.deepEqual(await service.predict(c1, { name, rows, features }), [
    { label: 0 },
    { label: 1 },
  ]);
  const few = { name, rows, features: ['a'] };
  await assert.rejects(service.predict(c1, few), fails('INVALID_FIELD', 'features'));
  const unknown = { name, rows, inputs: { Y: 'a' } };
  await assert.rejects(service.predict(c1, unknown), fails('INVALID_FIELD', 'inputs["Y"]'));
});

test('of two models that come under one name at once, the file of the refused one goes', async (t) => {
  const { service, dataDir, modelFiles, c1 } = await openWorld(t);
  const both = [upload(service, c1, 'iris', 'one'), upload(service, c1, 'iris', 'two')];
  const ended = await Promise.allSettled(both);
  const kept = ended.flatMap((one) => (one.status === 'fulfilled' ? one.value.sha256 : []));
  const refused = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  assert.ok(refused.length === 1 && fails('MODEL_EXISTS')(refused[0]));
  assert.deepEqual(await readdir(join(dataDir, 'models')), [
    basename(modelFiles.path(kept[0] ?? '')),
  ]);
});

test('an upload ends with its user, and is not left to a namesake', async (t) => {
  const { service, store, dataDir, admin } = await openWorld(t);
  const leaver = await addUser(store, 'leaver', 'OPERATOR');
  async function* whileLeaving(last: string) {
    yield Buffer.from('first');
    await service.deleteUser(admin, { name: 'users/leaver' });
    await addUser(store, 'leaver', 'OPERATOR', { tokenHash: 'another' });
    if (last !== '') yield Buffer.from(last);
  }
  const request = { parent, modelId: 'm', chunks: whileLeaving('second') };
  await assert.rejects(service.uploadModel(leaver, request), fails('UNAUTHENTICATED'));
  const whole = { parent, modelId: 'm', chunks: whileLeaving('') };
  await assert.rejects(service.uploadModel(leaver, whole), fails('USER_NOT_FOUND'));
  assert.equal((await service.listModels(admin, { parent: 'users/leaver' })).models.length, 0);
  assert.deepEqual(await readdir(join(dataDir, 'models')), []);
});
