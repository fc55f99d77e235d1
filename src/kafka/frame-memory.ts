/** Smaller frames are made anew: most answers are not records, and are kept for a moment only. */
const POOLED_BYTES_LEAST = 256 * 1024;
/** Sizes are rounded up, so that memory fits the next frame, which is about as large. */
const STEP_BYTES = 1024 * 1024;
/** Memory that waits to be used again, as much as a thread's buffers and the fetches under way hold; more is left to the garbage collector. */
const SPARE_BYTES_MOST = 96 * 1024 * 1024;
/** After so many small frames in a row, of heartbeats and commits too, there is little to fetch, and nothing is kept for it. */
const SMALL_IN_ROW_MOST = 200;

/**
 * Memory for large frames that goes round. Made anew for each fetch, V8 counts it as garbage to come and marks the whole heap for
 * every 64 MiB fetched, and the kernel has to clear its pages again and again.
 *
 * Giving memory back is left to whoever knows that no record in it will be looked at again. Frames that nobody gives back are
 * collected as any other object.
 */
export class FrameMemory {
  readonly #lent = new WeakSet<ArrayBufferLike>();
  readonly #spare: ArrayBufferLike[] = [];
  #spareBytes = 0;
  #smallInRow = 0;

  /** A frame of `size` bytes, whatever they are. */
  take(size: number): Buffer {
    if (size < POOLED_BYTES_LEAST) {
      if (++this.#smallInRow === SMALL_IN_ROW_MOST) this.#dropSpare();
      return Buffer.allocUnsafeSlow(size);
    }
    this.#smallInRow = 0;
    const memory = this.#takeSpare(size) ?? newMemory(size);
    this.#lent.add(memory);
    return Buffer.from(memory, 0, size);
  }

  /** Gives a frame's memory back, once; any part of the frame stands for it. Other bytes are left alone. */
  giveBack({ buffer }: Buffer): void {
    if (!this.#lent.delete(buffer)) return;
    if (this.#spareBytes + buffer.byteLength > SPARE_BYTES_MOST) return;
    this.#spare.push(buffer);
    this.#spareBytes += buffer.byteLength;
  }

  /** The last that was given back is the most likely to be in the processor's caches. */
  #takeSpare(size: number): ArrayBufferLike | undefined {
    const index = this.#spare.findLastIndex(({ byteLength }) => byteLength >= size);
    if (index < 0) return undefined;
    const [memory] = this.#spare.splice(index, 1);
    this.#spareBytes -= memory?.byteLength ?? 0;
    return memory;
  }

  #dropSpare(): void {
    this.#spare.length = 0;
    this.#spareBytes = 0;
  }
}

function newMemory(size: number): ArrayBufferLike {
  return Buffer.allocUnsafeSlow(Math.ceil(size / STEP_BYTES) * STEP_BYTES).buffer;
}

/** The frames of this thread: the ends that take and give back are joined by kafkajs, which hands nothing on. */
export const frameMemory = new FrameMemory();
