import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { selfSigned } from '../transport/server/self-signed.js';
import { Peer, token } from './peer.js';
import { runProgram, temporaryFile } from './program-process.js';

const env = { PREDICTD_TOKEN: token };
const peer = new Peer(selfSigned);
let url = '';

before(async () => {
  url = await peer.listen();
});
after(() => peer.close());

describe('a service with TLS', () => {
  it('is called over https with its authority in a file', async () => {
    const caFile = await temporaryFile('ca.pem', selfSigned.cert);
    const args = ['--url', url, '--ca-file', caFile, 'tasks', 'list', '-o', 'json'];
    const { code, stdout, stderr } = await runProgram(args, { env });
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout).tasks, []);
  });

  it('is not trusted without it, and the hint names the flag', async () => {
    const { code, stderr } = await runProgram(['--url', url, 'tasks', 'list'], { env });
    assert.equal(code, 6);
    assert.match(stderr, /hint: the certificate of https:.* is not trusted: .*--ca-file FILE/);
    assert.equal(peer.seen.filter(({ method }) => method === 'listTasks').length, 1);
  });

  it('is told apart from one without TLS', async () => {
    const plain = url.replace('https:', 'http:');
    const { code, stderr } = await runProgram(['--url', plain, 'tasks', 'list'], { env });
    assert.equal(code, 6, stderr);
    assert.match(stderr, /hint: /);
  });
});
