/** A field of bytes in the encoding of protocol buffers, which ONNX files have. */
export function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** A field of text. */
export function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

/** A field of a whole number. */
export function int(number: number, value: number): Buffer {
  return Buffer.concat([varint(number << 3), varint(value)]);
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A model of one input `x`, float32 [N,2], that answers it as each of these outputs. */
export function echoModel(...outputs: readonly string[]): Buffer {
  const echo = (output: string) => [text(1, 'x'), text(2, output), text(4, 'Identity')];
  return Buffer.concat([
    int(1, 8),
    field(8, int(2, 13)),
    field(
      7,
      Buffer.concat([
        ...outputs.map((output) => field(1, Buffer.concat(echo(output)))),
        text(2, 'echo'),
        tensor(11, 'x'),
        ...outputs.map((output) => tensor(12, output)),
      ]),
    ),
  ]);
}

function tensor(number: number, name: string): Buffer {
  const float32 = int(1, 1);
  const shape = field(2, Buffer.concat([field(1, text(2, 'N')), field(1, int(1, 2))]));
  const type = field(2, field(1, Buffer.concat([float32, shape])));
  return field(number, Buffer.concat([text(1, name), type]));
}
