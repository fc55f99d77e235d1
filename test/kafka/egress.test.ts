import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { createSocketFactory } from '../../src/kafka/egress.js';

describe('connections under an egress policy', () => {
  let server: Server;
  let port = 0;
  before(async () => {
    server = createServer((socket) => socket.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') port = address.port;
  });
  after(() => server.close());

  async function attempt(allow: readonly string[], host: string): Promise<string> {
    const factory = createSocketFactory(createEgressPolicy([], allow));
    let settle: (result: unknown) => void = () => undefined;
    const result = new Promise((resolve) => {
      settle = resolve;
    });
    const socket: Socket = factory({
      host,
      port,
      ssl: undefined as never,
      onConnect: () => settle('connected'),
    });
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code));
    const outcome = String(await result);
    socket.destroy();
    return outcome;
  }

  it('reach an address or a name that is listed with its port', async () => {
    assert.equal(await attempt([`127.0.0.1:${port}`], '127.0.0.1'), 'connected');
    assert.equal(await attempt([`localhost:${port}`], 'localhost'), 'connected');
  });

  it('reach an address in a listed network, also by a name', async () => {
    assert.equal(await attempt(['127.0.0.0/8'], '127.0.0.1'), 'connected');
    assert.equal(await attempt(['127.0.0.0/8', '::1/128'], 'localhost'), 'connected');
  });

  it('do not reach anything else, however it is written', async () => {
    for (const host of [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '::1',
      '::ffff:127.0.0.1',
    ]) {
      assert.equal(
        await attempt(['10.0.0.0/8', `127.0.0.1:${port + 1}`], host),
        'EGRESS_DENIED',
        host,
      );
    }
  });
});
