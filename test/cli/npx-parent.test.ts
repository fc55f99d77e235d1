import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Peer, token } from './peer.js';

const peer = new Peer();
let url = '';

before(async () => {
  url = await peer.listen();
});
after(() => peer.close());

describe('a program that npx started', () => {
  it('ends when the shell between them has ended', async () => {
    const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
    // The second command keeps the shell from becoming the program.
    const args = ['-c', '"$0" "$@"; true', process.execPath, main, 'tasks', 'watch', '-o', 'jsonl'];
    const env = { PREDICTD_URL: url, PREDICTD_TOKEN: token, npm_lifecycle_event: 'npx' };
    const shell = spawn('sh', args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(shell.stdout, 'data');
    shell.kill('SIGKILL');
    // The program holds the other end of the pipe: it closes when the program ends.
    await once(shell.stdout, 'close', { signal: AbortSignal.timeout(10_000) });
    assert.equal(shell.signalCode, 'SIGKILL');
  });
});
