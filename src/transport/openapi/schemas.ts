import {
  type DescEnum,
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type JsonObject,
  ScalarType,
} from '@bufbuild/protobuf';
import { FieldBehavior, field_behavior } from '../../../gen/ts/google/api/field_behavior_pb.js';
import type { Api } from './api.js';
import { type Comments, commentOf, nameOf } from './comments.js';
import { enumSchema, scalarSchema, wellKnownSchema } from './values.js';

/** The schemas of one document, which grow with every type that is asked for. */
export interface Schemas {
  /** By name, for `components/schemas`. */
  readonly components: JsonObject;
  /** A schema, or a reference to one, for a type. Of a `partial` message no field is required. */
  ofType(type: DescMessage | DescEnum, partial?: boolean): JsonObject;
  /** The schema of a field with its description. */
  ofField(field: DescField, partial?: boolean): JsonObject;
}

/** The parts of a document that schemas are made from. */
export interface SchemaSource {
  readonly api: Pick<Api, 'fields' | 'longsAreNumbers' | 'services'>;
  readonly comments: Comments;
}

/** Makes JSON Schemas of descriptors, for values in ProtoJSON. */
export function createSchemas({ api, comments }: SchemaSource): Schemas {
  const components: JsonObject = {};
  const ownPackage = api.services[0]?.file.proto.package ?? '';
  const longs = api.longsAreNumbers === true ? 'number' : 'string';

  function ofType(type: DescMessage | DescEnum, partial = false): JsonObject {
    const wellKnown = type.kind === 'message' ? wellKnownSchema(type) : undefined;
    if (wellKnown !== undefined) return wellKnown;
    const differs = partial && type.kind === 'message' && requiresSomething(type);
    const name = componentName(type, ownPackage) + (differs ? '.Patch' : '');
    if (components[name] === undefined) {
      // Its place is taken first, since a message may contain itself.
      components[name] = {};
      components[name] =
        type.kind === 'enum' ? enumSchema(type, comments) : ofMessage(type, partial);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  function ofMessage(message: DescMessage, partial: boolean): JsonObject {
    const required = message.fields.filter((field) => !partial && isRequired(field));
    const choices = message.oneofs.map(({ fields }) =>
      fields.map(({ jsonName }) => `\`${jsonName}\``),
    );
    const notes = choices.map((names) => `At most one of ${names.join(', ')} is set.`);
    return {
      type: 'object',
      description: [commentOf(comments, message), ...notes].filter(Boolean).join(' '),
      properties: Object.fromEntries(
        message.fields.map((field) => [field.jsonName, ofField(field, partial)]),
      ),
      ...(required.length > 0 && { required: required.map(({ jsonName }) => jsonName) }),
    };
  }

  function ofField(field: DescField, partial = false): JsonObject {
    const facts = api.fields?.[nameOf(field)] ?? {};
    const isReplaced = 'type' in facts || 'items' in facts;
    return {
      ...(isReplaced ? {} : ofValue(field, partial)),
      ...facts,
      ...described(commentOf(comments, field)),
      ...(hasBehavior(field, FieldBehavior.OUTPUT_ONLY) && { readOnly: true }),
    };
  }

  function ofValue(field: DescField, partial: boolean): JsonObject {
    const one = ofSingle(field, partial);
    switch (field.fieldKind) {
      case 'list':
        return { type: 'array', items: one };
      case 'map':
        return { type: 'object', additionalProperties: one };
      default:
        return one;
    }
  }

  function ofSingle(field: DescField, partial: boolean): JsonObject {
    const type = field.message ?? field.enum;
    return type === undefined
      ? scalarSchema(field.scalar ?? ScalarType.STRING, longs)
      : ofType(type, partial);
  }

  return { components, ofType, ofField };
}

/** Whether callers have to give a field. */
export function isRequired(field: DescField): boolean {
  return hasBehavior(field, FieldBehavior.REQUIRED);
}

/** Whether a message, or one inside it, has required fields. */
function requiresSomething(message: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return message.fields.some((field) => {
    const inner = field.message;
    return isRequired(field) || (inner !== undefined && requiresSomething(inner, seen));
  });
}

function hasBehavior(field: DescField, behavior: FieldBehavior): boolean {
  return hasOption(field, field_behavior) && getOption(field, field_behavior).includes(behavior);
}

/** Types of the API's own package are called by their short names. */
function componentName(type: DescMessage | DescEnum, ownPackage: string): string {
  const prefix = `${ownPackage}.`;
  return type.typeName.startsWith(prefix) ? type.typeName.slice(prefix.length) : type.typeName;
}

function described(description: string): JsonObject {
  return description === '' ? {} : { description };
}
