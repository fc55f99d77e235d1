import { createRequire } from 'node:module';
import type { OnReadOpts } from 'node:net';
import { frameMemory } from './frame-memory.js';

/** What small answers are read into before they are copied out. */
const SMALL_READ_BYTES = 64 * 1024;
const SIZE_BYTES = 4;
/** A frame that claims to be larger is handed on piece by piece: whoever answers may not be a Kafka broker. */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads a connection to a broker by whole frames, each a size and as many bytes, straight into the frame's own memory: without
 * it a large fetch passes through hundreds of small buffers and is put together twice.
 */
export class FrameReads implements OnReadOpts {
  readonly #handOn: (frame: Buffer) => void;
  readonly #small = Buffer.allocUnsafeSlow(SMALL_READ_BYTES);
  #frame: Buffer | undefined;
  #filled = 0;
  /** The beginning of a frame whose size has not come whole. */
  #head: Buffer = Buffer.alloc(0);
  #passesOn = false;

  /** `handOn` gets each frame, its size included. It may keep it. */
  constructor(handOn: (frame: Buffer) => void) {
    this.#handOn = handOn;
  }

  /** Where the next read goes. */
  readonly buffer = (): Uint8Array => this.#frame?.subarray(this.#filled) ?? this.#small;

  readonly callback = (bytesRead: number, into: Uint8Array): boolean => {
    if (into.buffer === this.#small.buffer) {
      this.#take(this.#small.subarray(0, bytesRead));
    } else {
      this.#filled += bytesRead;
      this.#finish();
    }
    return true;
  };

  #take(bytes: Buffer): void {
    let rest = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    this.#head = Buffer.alloc(0);
    while (!this.#passesOn && rest.length >= SIZE_BYTES) {
      const size = rest.readInt32BE(0);
      if (size < 0 || size > FRAME_BYTES_MAX) {
        this.#passesOn = true;
        break;
      }
      const frame = frameMemory.take(SIZE_BYTES + size);
      const count = rest.copy(frame);
      rest = rest.subarray(count);
      this.#frame = frame;
      this.#filled = count;
      this.#finish();
      if (this.#frame) return;
    }
    if (this.#passesOn) this.#handOn(Buffer.from(rest));
    else this.#head = Buffer.from(rest);
  }

  #finish(): void {
    const frame = this.#frame;
    if (!frame || this.#filled < frame.length) return;
    this.#frame = undefined;
    this.#handOn(frame);
  }
}

/** The part of kafkajs's connection that is shortened here. */
interface Connection {
  readonly authHandlers: unknown;
  readonly bytesBuffered: number;
  readonly requestQueue: {
    fulfillRequest(answer: { size: number; correlationId: number; payload: Buffer }): void;
  };
  processData(data: Buffer): void;
}

/** Lets kafkajs take a whole frame as it is; it copies it otherwise. For the whole process or thread; returns what undoes it. */
export function takeWholeFrames(): () => void {
  const require = createRequire(import.meta.url);
  const connection: { prototype: Connection } = require('kafkajs/src/network/connection');
  const { processData } = connection.prototype;
  connection.prototype.processData = function (data) {
    const isWhole =
      data.length >= 2 * SIZE_BYTES && data.readInt32BE(0) === data.length - SIZE_BYTES;
    if (!isWhole || this.authHandlers || this.bytesBuffered > 0) {
      processData.call(this, data);
      return;
    }
    this.requestQueue.fulfillRequest({
      size: data.length - SIZE_BYTES,
      correlationId: data.readInt32BE(SIZE_BYTES),
      payload: data.subarray(2 * SIZE_BYTES),
    });
  };
  return () => {
    connection.prototype.processData = processData;
  };
}
