/** A number of a float32 tensor as JSON has it; what JSON has no number for is a text, as in the JSON of protos. */
export type Float32Json = number | 'NaN' | 'Infinity' | '-Infinity';

export const float32Bytes = 4;

/** The numbers of a raw little-endian float32 tensor, to be shown; undefined if the bytes are no such tensor. */
export function float32Numbers(bytes: Uint8Array): Float32Json[] | undefined {
  if (bytes.length === 0 || bytes.length % float32Bytes !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / float32Bytes }, (_, index) =>
    shown(view.getFloat32(index * float32Bytes, true)),
  );
}

function shown(value: number): Float32Json {
  if (Number.isFinite(value)) return shortest(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** With as few digits as tell it from its neighbours: nine always do. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return Number(value.toPrecision(9));
}
