/** Up to this length copying four bytes at a time beats the call into the engine's bulk copy. */
const SHORT_COPY = 128;
const WORD = 4;

/** Bytes with a view on them, by which they are copied four at a time. One object serves all bytes that are read or written in turn. */
export class ViewedBytes {
  bytes: Uint8Array;
  view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = viewOf(bytes);
  }

  /** Becomes the view on `bytes`; making one costs more than copying a record. */
  set(bytes: Uint8Array): this {
    if (bytes === this.bytes) return this;
    this.bytes = bytes;
    this.view = viewOf(bytes);
    return this;
  }
}

/** Copies `from[start, end)` to `to[at…]`, which has room for it, and returns the place behind. */
export function copyBytes(
  from: ViewedBytes,
  { start, end }: { readonly start: number; readonly end: number },
  { to, at }: { readonly to: ViewedBytes; readonly at: number },
): number {
  if (end - start > SHORT_COPY) {
    to.bytes.set(from.bytes.subarray(start, end), at);
    return at + end - start;
  }
  const { bytes, view } = from;
  let read = start;
  let written = at;
  for (; read + WORD <= end; read += WORD, written += WORD) {
    to.view.setInt32(written, view.getInt32(read));
  }
  for (; read < end; read++) to.bytes[written++] = bytes[read] as number;
  return written;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
