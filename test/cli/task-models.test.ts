import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Peer, token } from './peer.js';
import { runProgram, taskYaml, temporaryFile } from './program-process.js';

const peer = new Peer();
const task = 'users/alice/tasks/iris';
let url = '';

before(async () => {
  url = await peer.listen();
  const file = await temporaryFile('iris.yaml', taskYaml);
  const created = await predictd('tasks', 'create', 'iris', '-f', file);
  assert.equal(created.code, 0, created.stderr);
});
after(() => peer.close());

function predictd(...args: readonly string[]) {
  return runProgram(args, { env: { PREDICTD_URL: url, PREDICTD_TOKEN: token } });
}

describe('tasks swap-model', () => {
  it('answers at once, and says what is under way', async () => {
    const { code, stdout, stderr } = await predictd('tasks', 'swap-model', 'iris', 'iris-2');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Model update +swap of iris-2 is under way/);
    assert.match(stderr, /swap of iris-2 is under way/);
  });

  it('waits until the change took place', async () => {
    const watches = peer.watchesOpened;
    const ended = predictd('tasks', 'swap-model', 'iris', 'iris-2', '--wait', '-o', 'json');
    await peer.watched(watches + 1);
    peer.settleModels(task);
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).status.models?.update, undefined);
  });

  it('ends with 1 if the change is blocked, and says why', async () => {
    const watches = peer.watchesOpened;
    const ended = predictd('tasks', 'swap-model', 'iris', 'bad', '--wait');
    await peer.watched(watches + 1);
    peer.settleModels(task, 'MODEL_LOAD_FAILED');
    const { code, stderr } = await ended;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /swap of bad is blocked: MODEL_LOAD_FAILED/);
  });

  it('names the task that is not there', async () => {
    const { code, stderr } = await predictd('tasks', 'swap-model', 'other', 'iris-2');
    assert.equal(code, 3);
    assert.match(stderr, /other/);
  });
});
