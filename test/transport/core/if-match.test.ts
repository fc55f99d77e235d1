import assert from 'node:assert/strict';
import { test } from 'node:test';
import { irisTask } from '../../service/world.js';
import { type Ask, startOpentox } from '../opentox/opentox-server.js';

const name = '/v1/users/c1/tasks/a';
const json = { 'content-type': 'application/json' };

test('If-Match lets a task be changed and deleted only as it was seen', async (t) => {
  const { service, c1, send } = await startOpentox(t);
  const { task } = await service.createTask(c1, {
    parent: 'users/me',
    taskId: 'a',
    task: irisTask,
  });
  const ask = async (path: string, ifMatch: string, rest: Ask) => {
    const headers = { ...json, 'if-match': ifMatch };
    const { status, text } = await send(path, { ...rest, headers });
    return { status, body: text === '' ? {} : JSON.parse(text) };
  };
  const patch = (ifMatch: string, change: object) =>
    ask(name, ifMatch, { method: 'PATCH', body: JSON.stringify(change) });
  const seen = await send(name);
  const { etag } = JSON.parse(seen.text);
  assert.ok(etag.startsWith(task.uid.slice(0, 8)));

  const stale = await patch('"another"', { displayName: 'x' });
  assert.deepEqual([stale.status, stale.body.error.status], [412, 'ABORTED']);
  assert.equal(stale.body.error.details[0].reason, 'ETAG_MISMATCH');
  const changed = await patch(`"${etag}"`, { displayName: 'x' });
  assert.deepEqual([changed.status, changed.body.displayName], [200, 'x']);
  assert.equal((await patch('*', { displayName: 'y' })).status, 200);
  const newest = JSON.parse((await send(name)).text).etag;

  for (const wrong of [`W/"${newest}"`, newest, `"${newest}", "b"`, '""x']) {
    assert.equal((await patch(wrong, { displayName: 'z' })).status, 400, wrong);
  }
  assert.equal((await patch(`"${newest}"`, { displayName: 'z', etag: 'b' })).status, 400);
  const swap = { method: 'POST', body: '{"model":"iris"}' };
  assert.equal((await ask(`${name}:swapModel`, `"${etag}"`, swap)).status, 412);
  assert.equal((await ask(name, `"${etag}"`, { method: 'DELETE' })).status, 412);
  assert.equal((await ask(`${name}?etag=b`, `"${newest}"`, { method: 'DELETE' })).status, 400);
  // Without the header, the code is that of every other conflict.
  assert.equal((await send(`${name}?etag=b`, { method: 'DELETE' })).status, 409);
  assert.equal((await ask(name, `"${newest}"`, { method: 'DELETE' })).status, 200);
});
