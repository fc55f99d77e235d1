import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameMemory } from '../../src/kafka/frame-memory.js';

const MIB = 1024 * 1024;

describe('memory of frames', () => {
  it('is used again when it was given back, and large enough', () => {
    const memory = new FrameMemory();
    const first = memory.take(3 * MIB);
    memory.giveBack(first);
    assert.notEqual(memory.take(4 * MIB).buffer, first.buffer);
    const next = memory.take(2.5 * MIB);
    assert.equal(next.buffer, first.buffer);
    assert.equal(next.length, 2.5 * MIB);
  });

  it('is nobody else’s until it was given back', () => {
    const memory = new FrameMemory();
    const frames = Array.from({ length: 20 }, () => memory.take(MIB));
    assert.equal(new Set(frames.map(({ buffer }) => buffer)).size, 20);
  });

  it('is given back once only, by any part of the frame', () => {
    const memory = new FrameMemory();
    const frame = memory.take(MIB);
    memory.giveBack(frame.subarray(100, 200));
    memory.giveBack(frame);
    assert.notEqual(memory.take(MIB).buffer, memory.take(MIB).buffer);
  });

  it('is never made of bytes that came from elsewhere', () => {
    const memory = new FrameMemory();
    const foreign = Buffer.allocUnsafeSlow(MIB);
    memory.giveBack(foreign);
    assert.notEqual(memory.take(MIB).buffer, foreign.buffer);
  });

  it('is kept up to a limit', () => {
    const memory = new FrameMemory();
    const frames = Array.from({ length: 200 }, () => memory.take(MIB));
    for (const frame of frames) memory.giveBack(frame);
    const known = new Set(frames.map(({ buffer }) => buffer));
    const again = Array.from({ length: 200 }, () => memory.take(MIB).buffer);
    assert.equal(again.filter((buffer) => known.has(buffer)).length, 96);
  });

  it('is let go when only small frames come', () => {
    const memory = new FrameMemory();
    const frame = memory.take(MIB);
    memory.giveBack(frame);
    for (let count = 0; count < 1_000; count++) memory.take(100);
    assert.notEqual(memory.take(MIB).buffer, frame.buffer);
  });
});
