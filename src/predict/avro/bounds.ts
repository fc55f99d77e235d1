import avro, { type Type } from 'avsc';

const { types } = avro;

/** A value that its schema cannot have written, or a schema that could make a few bytes into millions of values. */
export class AvroBoundsError extends Error {
  override readonly name = 'AvroBoundsError';
}

/** Checks the bytes of one value from `start`, and answers where it ends. Throws AvroBoundsError. */
export type BoundsCheck = (bytes: Buffer, start: number, end: number) => number;

/**
 * Makes the check that goes before decoding, because the decoder believes every length that it reads: four bytes can
 * announce fifty million items. Refuses schemas that are recursive, very deep or large, or whose arrays and maps hold
 * items of no bytes.
 */
export function compileBounds(type: Type): BoundsCheck {
  return compile(type, { path: [], count: { types: 0 } }).check;
}

const depthMax = 32;
/** Fields, items and branches in a schema. */
const typesMax = 10_000;

interface Compiled {
  readonly check: BoundsCheck;
  /** The least bytes of a value. */
  readonly least: number;
}

interface Place {
  readonly path: readonly Type[];
  readonly count: { types: number };
}

function compile(type: Type, place: Place): Compiled {
  const { path, count } = place;
  count.types += 1;
  if (path.includes(type)) throw new AvroBoundsError('The schema is recursive');
  if (path.length >= depthMax) throw new AvroBoundsError(`The schema is deeper than ${depthMax}`);
  if (count.types > typesMax)
    throw new AvroBoundsError(`The schema has more than ${typesMax} parts`);
  const inner = { path: [...path, type], count };
  if (type instanceof types.RecordType) return compileRecord(type, inner);
  if (type instanceof types.ArrayType) return compileBlocks(compile(type.itemsType, inner), 0);
  if (type instanceof types.MapType) return compileBlocks(compile(type.valuesType, inner), 1);
  if (type instanceof types.UnwrappedUnionType || type instanceof types.WrappedUnionType) {
    return compileUnion(type.types, inner);
  }
  if (type instanceof types.FixedType) return fixed(type.size);
  if (type instanceof types.EnumType) return compileEnum(type.symbols.length);
  const primitive = primitives.get(type.typeName);
  if (primitive) return primitive;
  throw new AvroBoundsError(`The schema has the type ${type.typeName}, which is not read`);
}

function compileRecord(
  { fields }: { readonly fields: readonly { readonly type: Type }[] },
  place: Place,
): Compiled {
  const parts = fields.map((field) => compile(field.type, place));
  const check: BoundsCheck = (bytes, start, end) => {
    let at = start;
    for (const part of parts) at = part.check(bytes, at, end);
    return at;
  };
  return { check, least: parts.reduce((sum, { least }) => sum + least, 0) };
}

/** Arrays and maps: blocks of a count and so many items, ended by a count of 0. A map's items begin with a key. */
function compileBlocks(item: Compiled, keys: 0 | 1): Compiled {
  const least = item.least + keys;
  if (least === 0) throw new AvroBoundsError('The schema has an array whose items have no bytes');
  const check: BoundsCheck = (bytes, start, end) => {
    let at = start;
    for (;;) {
      let [count, next] = readLong(bytes, at, end);
      at = next;
      if (count === 0) return at;
      if (count < 0) {
        count = -count;
        [, at] = readLong(bytes, at, end);
      }
      if (count > (end - at) / least) throw tooLong();
      for (let index = 0; index < count; index += 1) {
        if (keys === 1) at = checkBytes(bytes, at, end);
        at = item.check(bytes, at, end);
      }
    }
  };
  return { check, least: 1 };
}

function compileUnion(branches: readonly Type[], place: Place): Compiled {
  const parts = branches.map((branch) => compile(branch, place));
  const check: BoundsCheck = (bytes, start, end) => {
    const [index, at] = readLong(bytes, start, end);
    const part = parts[index];
    if (!part) throw new AvroBoundsError('A value is of no branch of its union');
    return part.check(bytes, at, end);
  };
  return { check, least: 1 + Math.min(...parts.map(({ least }) => least)) };
}

function compileEnum(symbols: number): Compiled {
  const check: BoundsCheck = (bytes, start, end) => {
    const [index, at] = readLong(bytes, start, end);
    if (index < 0 || index >= symbols) throw new AvroBoundsError('A value is none of its enum');
    return at;
  };
  return { check, least: 1 };
}

function fixed(size: number): Compiled {
  const check: BoundsCheck = (_bytes, start, end) => {
    if (start + size > end) throw tooLong();
    return start + size;
  };
  return { check, least: size };
}

const checkLong: BoundsCheck = (bytes, start, end) => readLong(bytes, start, end)[1];

const checkBytes: BoundsCheck = (bytes, start, end) => {
  const [length, at] = readLong(bytes, start, end);
  if (length < 0 || length > end - at) throw tooLong();
  return at + length;
};

const primitives: ReadonlyMap<string, Compiled> = new Map([
  ['null', fixed(0)],
  ['boolean', fixed(1)],
  ['float', fixed(4)],
  ['double', fixed(8)],
  ['int', { check: checkLong, least: 1 }],
  ['long', { check: checkLong, least: 1 }],
  ['bytes', { check: checkBytes, least: 1 }],
  ['string', { check: checkBytes, least: 1 }],
]);

/** 64 bits in groups of seven. */
const longBytesMax = 10;

/** A zigzag number, exact within 53 bits as counts and lengths are, and where it ends. */
function readLong(bytes: Buffer, start: number, end: number): [value: number, end: number] {
  let value = 0;
  let factor = 1;
  for (let at = start; at < end && at < start + longBytesMax; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return [value % 2 === 0 ? value / 2 : -(value + 1) / 2, at + 1];
  }
  throw tooLong();
}

function tooLong(): AvroBoundsError {
  return new AvroBoundsError(
    'The value is longer than the record, or shorter than its schema says',
  );
}
