import { Tensor } from 'onnxruntime-node';

/**
 * A tensor as it is, or as float32 if it is of float16: half precision comes as bits or, from Node 24 on, as numbers, and
 * float32 holds all of them.
 */
export function widened(tensor: Tensor): Tensor {
  const { type, dims } = tensor;
  if (type !== 'float16') return tensor;
  const data = tensor.data as Uint16Array;
  const areBits = data instanceof Uint16Array;
  const numbers = Float32Array.from(data, areBits ? halfToNumber : (number) => number);
  return new Tensor('float32', numbers, dims);
}

/** The value of an IEEE 754 half-precision number. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
