import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { taskEtag } from '../../src/domain/task.js';
import { fails, irisTask, openWorld, upload } from './world.js';

const name = 'users/c1/tasks/t';

test('a task that does not run begins its next execution with the model that was swapped in', async (t) => {
  const { service, c1 } = await openIris(t);
  const { task, status } = await service.swapModel(c1, { name, model: 'users/me/models/other' });
  assert.equal(task.generation, 2);
  assert.equal(status.scoring?.active.name, 'other');
  assert.match(status.scoring?.active.sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.equal(status.scoring?.previous?.name, 'iris');
  const { execution } = await service.startTask(c1, { name });
  assert.equal(execution.spec.predictor.type === 'onnx' && execution.spec.predictor.model, 'other');
  const { events } = await service.listEvents(c1, { parent: name });
  const swap = events.find(({ reason }) => reason === 'MODEL_SWAPPED');
  assert.equal(swap?.actor, 'users/c1');
  assert.match(swap?.message ?? '', /^Model other \([0-9a-f]{12}\) takes the place of iris/);
});

test('a rollback goes back, and the next one forth', async (t) => {
  const { service, c1 } = await openIris(t);
  await assert.rejects(service.rollbackModel(c1, { name }), fails('NO_PREVIOUS_MODEL'));
  await service.swapModel(c1, { name, model: 'other' });
  const back = await service.rollbackModel(c1, { name });
  assert.deepEqual(namesOf(back.status.scoring), ['iris', 'other', undefined]);
  const forth = await service.rollbackModel(c1, { name });
  assert.deepEqual(namesOf(forth.status.scoring), ['other', 'iris', undefined]);
});

test('a shadow is kept for the next execution, promoted or dropped', async (t) => {
  const { service, c1 } = await openIris(t);
  await assert.rejects(service.promoteShadow(c1, { name }), fails('NO_SHADOW_MODEL'));
  const own = service.shadowModel(c1, { name, model: 'iris' });
  await assert.rejects(own, fails('NO_SHADOW_MODEL'));
  const { status } = await service.shadowModel(c1, { name, model: 'other' });
  assert.deepEqual(namesOf(status.scoring), ['iris', undefined, 'other']);
  const dropped = await service.dropShadow(c1, { name });
  assert.deepEqual(namesOf(dropped.status.scoring), ['iris', undefined, undefined]);
  await service.dropShadow(c1, { name });
  await service.shadowModel(c1, { name, model: 'other' });
  const promoted = await service.promoteShadow(c1, { name });
  assert.deepEqual(namesOf(promoted.status.scoring), ['other', 'iris', undefined]);
});

test('a change is refused with a stale etag, and a repeated one changes nothing', async (t) => {
  const { service, c1 } = await openIris(t);
  const { task: before } = await service.getTask(c1, { name });
  const etag = taskEtag(before);
  const requestId = randomUUID();
  await service.swapModel(c1, { name, model: 'other', etag, requestId });
  await service.rollbackModel(c1, { name });
  const again = await service.swapModel(c1, { name, model: 'other', etag, requestId });
  assert.equal(again.status.scoring?.active.name, 'iris');
  const stale = service.swapModel(c1, { name, model: 'other', etag });
  await assert.rejects(stale, fails('ETAG_MISMATCH'));
  const other = service.swapModel(c1, { name, model: 'iris', requestId });
  await assert.rejects(other, fails('INVALID_FIELD', 'request_id'));
});

test('a model stays while a task could go back to it, unless it is forced away', async (t) => {
  const { service, c1 } = await openIris(t);
  await upload(service, c1, 'third', 'third model');
  await service.swapModel(c1, { name, model: 'other' });
  await service.shadowModel(c1, { name, model: 'third' });
  const model = (id: string) => `users/c1/models/${id}`;
  for (const [id, role] of [
    ['iris', 'could roll back to it'],
    ['other', 'scores with it'],
    ['third', 'compares it as a shadow'],
  ] as const) {
    const refused = service.deleteModel(c1, { name: model(id) });
    await assert.rejects(refused, { code: 'MODEL_IN_USE', message: new RegExp(role) });
  }
  for (const id of ['other', 'third']) {
    const forced = service.deleteModel(c1, { name: model(id), force: true });
    await assert.rejects(forced, fails('MODEL_IN_USE'));
  }
  await service.deleteModel(c1, { name: model('iris'), force: true });
  await assert.rejects(service.rollbackModel(c1, { name }), fails('MODEL_NOT_FOUND'));
});

test('what the definition said before is what a rollback goes back to', async (t) => {
  const { service, c1 } = await openIris(t);
  await upload(service, c1, 'third', 'third model');
  await service.swapModel(c1, { name, model: 'other' });
  const spec = { predictor: { onnx: { model: 'third' } } };
  await service.updateTask(c1, { name, task: { spec }, updateMask: ['spec.predictor.onnx.model'] });
  const { status } = await service.rollbackModel(c1, { name });
  assert.deepEqual(namesOf(status.scoring), ['other', 'third', undefined]);
});

function namesOf(scoring: Awaited<ReturnType<typeof statusOf>>['scoring']) {
  return [scoring?.active.name, scoring?.previous?.name, scoring?.shadow?.name];
}

async function statusOf(world: Awaited<ReturnType<typeof openIris>>) {
  return (await world.service.getTask(world.c1, { name })).status;
}

/** A task `t` of c1 that scores with `iris`, and another model of the same signature. */
async function openIris(t: TestContext) {
  const world = await openWorld(t);
  const { service, c1 } = world;
  await upload(service, c1, 'iris');
  await upload(service, c1, 'other', 'other model');
  await service.createTask(c1, { parent: 'users/me', taskId: 't', task: irisTask });
  return world;
}
