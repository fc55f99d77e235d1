import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { limits } from '../../src/domain/limits.js';
import { applyRetention } from '../../src/service/retention.js';
import { irisTask, openWorld, upload } from './world.js';

test('old history and old request ids are forgotten, young ones are kept', async (t) => {
  const { service, store, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  const requestId = randomUUID();
  const request = { parent: 'users/me', taskId: 't', task: irisTask, requestId };
  const { task } = await service.createTask(c1, request);
  const retainAfter = (ms: number) => applyRetention(store, { now: () => Date.now() + ms });
  await retainAfter(0);
  assert.equal((await store.listEvents(task.id, { limit: 9 })).length, 1);
  assert.ok(await store.answerOf('c1', requestId));
  await retainAfter(limits.requestIdMaxAgeMs + 60_000);
  assert.equal(await store.answerOf('c1', requestId), undefined);
  await retainAfter(limits.eventsMaxAgeMs + 60_000);
  assert.equal((await store.listEvents(task.id, { limit: 9 })).length, 0);
});
