import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails, openWorld, upload } from './world.js';

test('what is gone already is no error for those who say so, and nothing else is let pass', async (t) => {
  const { service, c1, admin } = await openWorld(t);
  const calls = [
    ['TASK_NOT_FOUND', service.deleteTask, 'users/c1/tasks/gone'],
    ['MODEL_NOT_FOUND', service.deleteModel, 'users/c1/models/gone'],
    ['USER_NOT_FOUND', service.deleteUser, 'users/gone'],
    ['TARGET_NOT_FOUND', service.deleteTarget, 'targets/3f2504e0-4f89-41d3-9a0c-0305e82c3301'],
  ] as const;
  for (const [code, remove, name] of calls) {
    await assert.rejects(remove(admin, { name }), fails(code));
    await remove(admin, { name, allowMissing: true });
    await assert.rejects(remove(admin, { name: '', allowMissing: true }), fails('INVALID_FIELD'));
  }
  await upload(service, c1, 'iris');
  const user = { name: 'users/c1', allowMissing: true };
  await assert.rejects(service.deleteUser(admin, user), fails('USER_IN_USE'));
  const name = 'users/c1/models/iris';
  await service.deleteModel(c1, { name, allowMissing: true });
  await service.deleteModel(c1, { name, allowMissing: true });
});
