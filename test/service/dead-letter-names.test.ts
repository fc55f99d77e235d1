import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails, irisTask, openWorld, upload } from './world.js';

test("a replay takes names of its own task alone, and users/me is as good as the caller's name", async (t) => {
  const { service, c1 } = await openWorld(t);
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent: 'users/c1', taskId: 't', task: irisTask });
  const replay = (parent: string, name: string) =>
    service.replayDeadLetters(c1, { parent, names: [`${name}/deadLetters/0-0`] });
  const own = ['users/me/tasks/t', 'users/c1/tasks/t'];
  for (const parent of own) {
    for (const name of own) await assert.rejects(replay(parent, name), fails('EGRESS_DENIED'));
    for (const name of ['users/c2/tasks/t', 'users/c1/tasks/other']) {
      await assert.rejects(replay(parent, name), fails('INVALID_FIELD', 'names[0]'));
    }
  }
});
