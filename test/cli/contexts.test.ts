import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { settleDestination } from '../../src/cli/destination.js';
import { run } from '../../src/cli/run.js';
import { memoryTerminal } from './memory-terminal.js';
import { Peer, token } from './peer.js';
import { temporaryFile } from './program-process.js';

const peer = new Peer();
let url = '';
let tokenFile = '';
let env: Record<string, string> = {};

before(async () => {
  url = await peer.listen();
  tokenFile = await temporaryFile('alice.json', JSON.stringify({ token }));
});
after(() => peer.close());
beforeEach(async () => {
  env = { XDG_CONFIG_HOME: await mkdtemp(join(tmpdir(), 'predictd-xdg-')) };
});

async function runProgram(
  args: readonly string[],
  about: { env: Readonly<Record<string, string>>; input?: string },
) {
  const terminal = memoryTerminal(about);
  return { code: await run(args, terminal), ...terminal.written };
}

async function context(args: readonly string[], input = '') {
  const ended = await runProgram(['context', ...args], { env, input });
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

const keptIn = () => join(env.XDG_CONFIG_HOME ?? '', 'predictd', 'contexts.yaml');

describe('contexts', () => {
  it('say where to call and who calls, by the path of the token', async () => {
    await context(['set', 'local', '--url', url, '--token-file', tokenFile]);
    const listed = await runProgram(['users', 'list', '-o', 'name'], { env });
    assert.equal(listed.code, 0, listed.stderr);
    assert.ok(!(await readFile(keptIn(), 'utf8')).includes(token));
    assert.equal((await stat(keptIn())).mode & 0o777, 0o600);
  });

  it('keep a token that came from stdin and never show it', async () => {
    await context(['set', 'local', '--url', url, '--token-stdin'], JSON.stringify({ token }));
    assert.equal((await runProgram(['users', 'list'], { env })).code, 0);
    for (const args of [['list'], ['list', '-o', 'json'], ['show'], ['show', '-o', 'yaml']]) {
      const { stdout, stderr } = await context(args);
      assert.ok(!`${stdout}${stderr}`.includes(token), args.join(' '));
    }
  });

  it('are used, listed and removed by name', async () => {
    await context(['set', 'a', '--url', 'http://127.0.0.1:1']);
    await context(['set', 'b', '--url', url, '--token-file', tokenFile]);
    assert.equal((await context(['list', '-o', 'name'])).stdout, 'a\nb\n');
    assert.equal((await runProgram(['users', 'list'], { env })).code, 6);
    assert.equal((await runProgram(['users', 'list', '--context', 'b'], { env })).code, 0);
    const byVariable = { ...env, PREDICTD_CONTEXT: 'b' };
    assert.equal((await runProgram(['users', 'list'], { env: byVariable })).code, 0);
    await context(['use', 'b']);
    assert.match((await context(['list'])).stdout, /^\* +b /m);
    const { stderr } = await context(['remove', 'b']);
    assert.match(stderr, /no context is used now/);
    assert.match((await context(['show'])).stdout, /http:\/\/127\.0\.0\.1:8080 \(the default\)/);
  });

  it('are missed with the nearest name, and refused with a name that is none', async () => {
    await context(['set', 'production', '--url', url]);
    const wrong = await runProgram(['tasks', 'list', '--context', 'prodution'], { env });
    assert.equal(wrong.code, 3);
    assert.match(wrong.stderr, /there is no context prodution; did you mean production\?/);
    assert.equal((await runProgram(['context', 'set', '__proto__'], { env })).code, 2);
    assert.equal((await runProgram(['context', 'set', 'x', '--url', 'ftp://x'], { env })).code, 2);
  });

  it('are not read from a file that others may read or that holds something else', async () => {
    await context(['set', 'a', '--url', url]);
    await chmod(keptIn(), 0o644);
    const open = await runProgram(['users', 'list'], { env });
    assert.equal(open.code, 2);
    assert.match(open.stderr, /hint: run: chmod 600 /);
    await chmod(keptIn(), 0o600);
    await writeFile(keptIn(), 'contexts: {a: pd_secret');
    const broken = await runProgram(['users', 'list'], { env });
    assert.equal(broken.code, 2);
    assert.doesNotMatch(broken.stderr, /pd_secret/);
  });

  it('that another user keeps are not in the way of who says where the service is', async () => {
    // Nobody can look into a circle, while root may into the folders of others.
    const folder = await mkdtemp(join(tmpdir(), 'predictd-home-'));
    await symlink('.config', join(folder, '.config'));
    const foreign = { HOME: folder, PREDICTD_TOKEN: token };
    for (const args of [
      ['tasks', 'list'],
      ['context', 'list'],
      ['context', 'set', 'x'],
    ]) {
      const { code, stderr } = await runProgram(args, { env: foreign });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /contexts\.yaml cannot be (read|written) \(ELOOP\)\nhint: set HOME/);
    }
    assert.equal((await runProgram(['users', 'list', '--url', url], { env: foreign })).code, 0);
    assert.equal((await runProgram(['doctor', '--no-service'], { env: foreign })).code, 0);
  });

  it('are completed', async () => {
    await context(['set', 'prod', '--url', url]);
    const words = async (...typed: string[]) =>
      (await runProgram(['__complete', '--', ...typed], { env })).stdout;
    assert.equal(await words('tasks', 'list', '--context', 'p'), 'prod\n');
    assert.equal(await words('context', 'use', ''), 'prod\n');
  });

  it('that cannot be read complete to nothing, without a word', async () => {
    await context(['set', 'prod', '--url', url]);
    await writeFile(keptIn(), 'contexts: {prod: ');
    for (const typed of [
      ['--context', ''],
      ['context', 'use', ''],
      ['tasks', 'get', ''],
    ]) {
      const ended = await runProgram(['__complete', '--', ...typed], { env });
      assert.deepEqual(ended, { code: 0, stdout: '', stderr: '' }, typed.join(' '));
    }
  });
});

describe('where a command calls', () => {
  const settled = async (flags: object, variables: Record<string, string>) => {
    const { url, credential } = settleDestination(flags, { ...env, ...variables });
    return [url.value, credential?.origin];
  };
  beforeEach(async () => {
    await context(['set', 'c', '--url', 'http://c', '--token-file', tokenFile]);
  });

  it('is settled by flag, then variable, then context', async () => {
    assert.deepEqual(await settled({}, {}), ['http://c', 'context c']);
    const variables = { PREDICTD_URL: 'http://v', PREDICTD_TOKEN: 'pd_v' };
    assert.deepEqual(await settled({}, variables), ['http://v', 'PREDICTD_TOKEN']);
    assert.deepEqual(await settled({ context: 'c' }, variables), ['http://c', 'context c']);
    const flags = { context: 'c', url: 'http://f', tokenFile: '/t' };
    assert.deepEqual(await settled(flags, variables), ['http://f', '--token-file']);
  });

  it('never gets the token of a context if its URL came from elsewhere', async () => {
    assert.deepEqual(await settled({ url: 'http://f' }, {}), ['http://f', undefined]);
    assert.deepEqual(await settled({ context: 'c', url: 'http://f' }, {}), ['http://f', undefined]);
    const variables = { PREDICTD_CONTEXT: 'c', PREDICTD_URL: 'http://v' };
    assert.deepEqual(await settled({}, variables), ['http://v', undefined]);
  });
});
