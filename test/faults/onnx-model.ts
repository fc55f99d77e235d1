/** Just enough of Protocol Buffers and ONNX to write small models by hand. */

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;

/**
 * A model that scores right and takes memory with the square of its rows: one row needs 20 kB, 256 rows 1.3 GB. A try
 * with a single row finds nothing wrong with it.
 */
export function greedyModel(): Buffer {
  const nodes = [
    node('Shape', ['features'], 'shape'),
    node('Gather', ['shape', 'zero'], 'rows'),
    node('Mul', ['rows', 'rows'], 'square'),
    node('Mul', ['square', 'each'], 'count'),
    node('Reshape', ['count', 'one'], 'size'),
    node('ConstantOfShape', ['size'], 'ballast'),
    node('ReduceSum', ['ballast'], 'nothing'),
    node('Reshape', ['nothing', 'one'], 'scalar'),
    node('Add', ['features', 'scalar'], 'sum'),
  ];
  const graph = [
    ...nodes.map((bytes) => field(1, bytes)),
    text(2, 'greedy'),
    ...[scalar('zero', 0n, []), scalar('each', 5_000n, []), scalar('one', 1n, [1])].map((bytes) =>
      field(5, bytes),
    ),
    field(11, value('features')),
    field(12, value('sum')),
  ];
  return model(graph);
}

/** A model that adds the same number to each of four features: another file for each number. */
export function addingModel(amount: number): Buffer {
  return model([
    field(1, node('Add', ['features', 'amount'], 'sum')),
    text(2, 'adding'),
    field(5, floatScalar('amount', amount)),
    field(11, value('features')),
    field(12, value('sum')),
  ]);
}

/**
 * A model that adds 1 to its features as many times as the greatest one says: ordinary records take no time, and one with a
 * feature of 1e18 takes for ever.
 */
export function loopingModel(): Buffer {
  const body = [
    field(1, node('Identity', ['goes_on'], 'still_goes_on')),
    field(1, node('Add', ['before', 'amount'], 'after')),
    text(2, 'body'),
    field(11, tensorInfo('round', INT64, [])),
    field(11, tensorInfo('goes_on', BOOL, [])),
    field(11, value('before')),
    field(12, tensorInfo('still_goes_on', BOOL, [])),
    field(12, value('after')),
  ];
  const whole = Buffer.concat([text(1, 'to'), number(3, INT64), number(20, 2)]);
  const scalarOnly = Buffer.concat([text(1, 'keepdims'), number(3, 0), number(20, 2)]);
  const bodyOf = Buffer.concat([text(1, 'body'), field(6, Buffer.concat(body)), number(20, 5)]);
  return model([
    field(1, Buffer.concat([node('ReduceMax', ['features'], 'greatest'), field(5, scalarOnly)])),
    field(1, Buffer.concat([node('Cast', ['greatest'], 'rounds'), field(5, whole)])),
    field(1, Buffer.concat([node('Loop', ['rounds', '', 'features'], 'sum'), field(5, bodyOf)])),
    text(2, 'looping'),
    field(5, floatScalar('amount', 1)),
    field(11, value('features')),
    field(12, value('sum')),
  ]);
}

/** A model with one node, of an operator set that does not exist yet. */
export function modelOfTheFuture(): Buffer {
  return model(identityGraph(), 999);
}

/** A model whose weights lie in a file outside its own directory. */
export function modelWithExternalData(path: string): Buffer {
  const entry = Buffer.concat([text(1, 'location'), text(2, path)]);
  const tensor = Buffer.concat([
    number(1, 1),
    number(2, FLOAT),
    text(8, 'weight'),
    field(13, entry),
    number(14, 1),
  ]);
  const graph = [
    field(1, node('Add', ['features', 'weight'], 'sum')),
    text(2, 'external'),
    field(5, tensor),
    field(11, value('features')),
    field(12, value('sum')),
  ];
  return model(graph);
}

function identityGraph(): Buffer[] {
  return [
    field(1, node('Identity', ['features'], 'sum')),
    text(2, 'identity'),
    field(11, value('features')),
    field(12, value('sum')),
  ];
}

function model(graph: readonly Buffer[], opset = 13): Buffer {
  const opsets = Buffer.concat([text(1, ''), number(2, opset)]);
  return Buffer.concat([number(1, 8), field(7, Buffer.concat(graph)), field(8, opsets)]);
}

function node(operator: string, inputs: readonly string[], output: string): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
  ]);
}

function scalar(name: string, content: bigint, dims: readonly number[]): Buffer {
  const raw = Buffer.alloc(8);
  raw.writeBigInt64LE(content);
  return Buffer.concat([
    ...dims.map((dim) => number(1, dim)),
    number(2, INT64),
    text(8, name),
    field(9, raw),
  ]);
}

function floatScalar(name: string, content: number): Buffer {
  const raw = Buffer.alloc(4);
  raw.writeFloatLE(content);
  return Buffer.concat([number(2, FLOAT), text(8, name), field(9, raw)]);
}

/** A scalar, or what has these dimensions. */
function tensorInfo(name: string, type: number, dims: readonly number[]): Buffer {
  const shape = Buffer.concat(dims.map((dim) => field(1, number(1, dim))));
  const tensor = Buffer.concat([number(1, type), field(2, shape)]);
  return Buffer.concat([text(1, name), field(2, field(1, tensor))]);
}

/** `[N, 4]` of floats. */
function value(name: string): Buffer {
  const shape = Buffer.concat([field(1, text(2, 'N')), field(1, number(1, 4))]);
  const tensor = Buffer.concat([number(1, FLOAT), field(2, shape)]);
  return Buffer.concat([text(1, name), field(2, field(1, tensor))]);
}

function text(fieldNumber: number, content: string): Buffer {
  return field(fieldNumber, Buffer.from(content));
}

function field(fieldNumber: number, content: Buffer): Buffer {
  return Buffer.concat([varint(fieldNumber * 8 + 2), varint(content.length), content]);
}

function number(fieldNumber: number, content: number): Buffer {
  return Buffer.concat([varint(fieldNumber * 8), varint(content)]);
}

function varint(content: number): Buffer {
  const bytes: number[] = [];
  for (let rest = content; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
