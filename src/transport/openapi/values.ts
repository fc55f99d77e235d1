import { type DescEnum, type DescMessage, type JsonObject, ScalarType } from '@bufbuild/protobuf';
import { type Comments, commentOf } from './comments.js';

/** How 64-bit integers are written. ProtoJSON makes them text, since a JSON number loses digits. */
export type Longs = 'string' | 'number';

/** The schema of a scalar in ProtoJSON. */
export function scalarSchema(scalar: ScalarType, longs: Longs): JsonObject {
  switch (scalar) {
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] };
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return { type: 'integer', format: 'int32' };
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return longSchema(longs, '^-?[0-9]{1,19}$');
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return longSchema(longs, '^[0-9]{1,20}$');
  }
}

/** The schema of an enum: its names, each with what it means. */
export function enumSchema(desc: DescEnum, comments: Comments): JsonObject {
  const values = desc.values.map((value) => `- \`${value.name}\`: ${commentOf(comments, value)}`);
  return {
    type: 'string',
    description: `${commentOf(comments, desc)}\n\n${values.join('\n')}`,
    enum: desc.values.map(({ name }) => name),
  };
}

/** The schema of a message whose JSON is not that of its fields; undefined for all others. */
export function wellKnownSchema({ typeName }: DescMessage): JsonObject | undefined {
  return wellKnownSchemas.get(typeName);
}

function longSchema(longs: Longs, pattern: string): JsonObject {
  return longs === 'number'
    ? { type: 'integer', format: 'int64' }
    : { type: 'string', format: 'int64', pattern };
}

const wellKnownSchemas: ReadonlyMap<string, JsonObject> = new Map<string, JsonObject>([
  ['google.protobuf.Timestamp', { type: 'string', format: 'date-time' }],
  [
    'google.protobuf.Duration',
    { type: 'string', pattern: '^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$', examples: ['1.5s'] },
  ],
  ['google.protobuf.FieldMask', { type: 'string', examples: ['displayName,labels'] }],
  ['google.protobuf.Empty', { type: 'object' }],
  ['google.protobuf.Struct', { type: 'object' }],
  ['google.protobuf.Value', {}],
  ['google.protobuf.ListValue', { type: 'array', items: {} }],
  [
    'google.protobuf.Any',
    { type: 'object', properties: { '@type': { type: 'string' } }, required: ['@type'] },
  ],
]);
