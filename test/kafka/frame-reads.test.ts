import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { FrameReads } from '../../src/kafka/frame-reads.js';
import { seededRandom } from '../domain/simulation.js';

const seed = Number(process.env.PREDICTD_SEED ?? 1);

function frameOf(size: number, fill: number): Buffer {
  const frame = Buffer.alloc(4 + size, fill);
  frame.writeInt32BE(size);
  return frame;
}

/** Sends `pieces` one write after another and answers what the reader hands on. */
async function read(t: TestContext, pieces: readonly Buffer[]): Promise<Buffer[]> {
  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true);
    for (const piece of pieces) socket.write(piece);
    socket.end();
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const handed: Buffer[] = [];
  const onread = new FrameReads((frame) => handed.push(frame));
  const socket = connect({ port, host: '127.0.0.1', onread });
  socket.resume();
  await once(socket, 'close');
  return handed;
}

function split(bytes: Buffer, random: () => number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() ** 4 * 200_000);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

describe('reading by frames', () => {
  it('hands on each frame whole, however its bytes arrive', async (t) => {
    const random = seededRandom(seed);
    const frames = Array.from({ length: 60 }, (_, index) =>
      frameOf(Math.floor(random() ** 3 * 300_000), index),
    );
    const handed = await read(t, split(Buffer.concat(frames), random));
    assert.equal(handed.length, frames.length, `seed ${seed}`);
    for (const [index, frame] of frames.entries()) {
      assert.ok(handed[index]?.equals(frame), `frame ${index}, seed ${seed}`);
    }
  });

  it('takes many small frames from one read, and one of nothing', async (t) => {
    const frames = [frameOf(0, 0), frameOf(1, 1), frameOf(8, 2), frameOf(0, 0)];
    assert.deepEqual(await read(t, [Buffer.concat(frames)]), frames);
  });

  it('does not reserve memory for what cannot be a frame', async (t) => {
    const answer = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    assert.deepEqual(Buffer.concat(await read(t, [answer])), answer);
  });
});
