import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { Peer, token } from './peer.js';
import { ProgramProcess, runProgram, taskYaml } from './program-process.js';

const iris = 'users/alice/tasks/iris';
let peer: Peer;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  peer = new Peer();
  env = { PREDICTD_URL: await peer.listen(), PREDICTD_TOKEN: token };
  const args = ['tasks', 'create', 'iris', '-f', '-'];
  const created = await runProgram(args, { env, input: taskYaml });
  assert.equal(created.code, 0, created.stderr);
});
afterEach(() => peer.close());

describe('tasks start --wait', () => {
  it('returns the execution when it completed, with progress on stderr', async () => {
    const program = new ProgramProcess(['tasks', 'start', 'iris', '--wait', '-o', 'json'], env);
    await peer.watched(1);
    peer.advance(iris, State.RUNNING, { done: 40 });
    await program.until('stderr', 'iris RUNNING 40%');
    peer.advance(iris, State.COMPLETED, { done: 100 });
    const { code, stdout, stderr } = await program.ended;
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).state, 'STATE_COMPLETED');
    assert.match(stderr, /execution 1 ended COMPLETED$/m);
  });

  it('tells whoever starts again that there was nothing new', async () => {
    const said: string[] = [];
    for (const place of [1, 2]) {
      const program = new ProgramProcess(['tasks', 'start', 'iris', '--wait'], env);
      await peer.watched(place);
      peer.advance(iris, State.COMPLETED, { done: 100 });
      said.push((await program.ended).stderr);
    }
    assert.doesNotMatch(said[0] ?? '', /nothing came/);
    assert.match(said[1] ?? '', /execution 2 ended COMPLETED\nnothing came since/);
  });

  it('ends with 7 if the execution failed', async () => {
    const program = new ProgramProcess(['tasks', 'start', 'iris', '--wait'], env);
    await peer.watched(1);
    peer.advance(iris, State.FAILED);
    const { code, stdout } = await program.ended;
    assert.equal(code, 7);
    assert.match(stdout, /FAILED/);
  });

  it('goes on waiting over a broken connection', async () => {
    const program = new ProgramProcess(['tasks', 'start', 'iris', '--wait', '-o', 'json'], env);
    await peer.watched(1);
    peer.advance(iris, State.RUNNING);
    await program.until('stderr', 'RUNNING');
    peer.drop();
    await peer.watched(2);
    peer.advance(iris, State.COMPLETED_WITH_WARNINGS);
    const { code, stdout, stderr } = await program.ended;
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).state, 'STATE_COMPLETED_WITH_WARNINGS');
    assert.match(stderr, /the connection broke/);
  });

  it('leaves the execution alone on Ctrl-C', async () => {
    const program = new ProgramProcess(['tasks', 'start', 'iris', '--wait'], env);
    await peer.watched(1);
    await program.until('stderr', 'STARTING');
    program.interrupt();
    const { code, stderr, stdout } = await program.ended;
    assert.deepEqual([code, stdout], [130, '']);
    assert.match(stderr, /stopped waiting; the execution goes on/);
    assert.ok(!peer.seen.some(({ method }) => method === 'stopTask'));
  });

  it('ends with 6 when the time is up, and leaves the execution alone', async () => {
    const args = ['tasks', 'start', 'iris', '--wait', '--timeout', '2s'];
    const { code, stderr } = await runProgram(args, { env });
    assert.equal(code, 6);
    assert.match(stderr, /error: cannot wait for execution 1: it had not ended when the time was/);
  });

  it('says so when the task is deleted meanwhile', async () => {
    const program = new ProgramProcess(['tasks', 'start', 'iris', '--wait'], env);
    await peer.watched(1);
    assert.equal((await runProgram(['tasks', 'delete', 'iris'], { env })).code, 0);
    assert.equal((await program.ended).code, 3);
  });
});

describe('tasks watch', () => {
  it('prints one line a change with -o table, and ends with the task', async () => {
    const program = new ProgramProcess(['tasks', 'watch', 'iris', '-o', 'table'], env);
    await peer.watched(1);
    await program.until('stdout', 'iris CREATED has not run yet');
    peer.advance(iris, State.STARTING, { message: 'asked for' });
    await program.until('stdout', 'STARTING');
    assert.equal((await runProgram(['tasks', 'delete', 'iris'], { env })).code, 0);
    const { code, stdout } = await program.ended;
    assert.equal(code, 0);
    assert.match(stdout, /iris STARTING .*\| asked for\n.*iris DELETED\n$/);
  });

  it('goes on without a gap after a broken connection, as jsonl where nobody looks', async () => {
    const program = new ProgramProcess(['watch'], env);
    await peer.watched(1);
    await program.until('stdout', 'snapshotEnd');
    peer.advance(iris, State.STARTING);
    await program.until('stdout', 'STATE_STARTING');
    peer.drop();
    // Happens while nobody watches.
    peer.advance(iris, State.RUNNING);
    await program.until('stderr', 'connected again');
    peer.advance(iris, State.STOPPING);
    await program.until('stdout', 'STATE_STOPPING');
    program.interrupt();
    const { code, stdout, stderr } = await program.ended;
    assert.equal(code, 130);
    const changes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .flatMap((line) => line.change?.event?.toState ?? []);
    assert.deepEqual(changes, ['STATE_STARTING', 'STATE_RUNNING', 'STATE_STOPPING']);
    assert.equal(stdout.split('snapshotEnd').length, 2, 'one snapshot only');
    assert.match(stderr, /stopped watching; the tasks go on/);
  });

  it('fails at once if there is no such task or no service', async () => {
    assert.equal((await runProgram(['tasks', 'watch', 'nope'], { env })).code, 3);
    const nowhere = { ...env, PREDICTD_URL: 'http://127.0.0.1:1' };
    assert.equal((await runProgram(['tasks', 'watch'], { env: nowhere })).code, 6);
  });
});
