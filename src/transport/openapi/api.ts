import type {
  DescMessage,
  DescMethod,
  DescService,
  JsonObject,
  JsonValue,
} from '@bufbuild/protobuf';
import type { Binding } from '../rest/routing/http-rule.js';

/** Response Objects of OpenAPI by status, `default` for all others. */
export type Responses = Readonly<Record<string, JsonObject>>;

/** What the document of an API says that its descriptors do not. Texts are in Markdown. */
export interface Api {
  /** In the addresses of its document and page. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** In the order of the document. */
  readonly services: readonly DescService[];
  /** Security Schemes of OpenAPI by name. */
  readonly securitySchemes: Readonly<Record<string, JsonObject>>;
  /** Ways to say who calls; each needs all the schemes that it names. */
  readonly security: readonly (readonly string[])[];
  /** Answers of a call that succeeds, where they are not its message as ProtoJSON with 200. */
  readonly success?: (call: DocumentedCall) => Responses | undefined;
  /** Answers of a call that fails, where they are not the engine's own. */
  readonly failure?: (schemaOf: SchemaOf) => Responses;
  /** Whether a write-out 64-bit integer is a JSON number; by default it is text, as in ProtoJSON. */
  readonly longsAreNumbers?: boolean;
  /** JSON Schema keywords by full field name, such as bounds. With `type` or `items` they replace the type. */
  readonly fields?: Readonly<Record<string, JsonObject>>;
  /** Keywords of Parameter Objects by the name in the path. */
  readonly pathParameters?: Readonly<Record<string, JsonObject>>;
  readonly operations?: ReadonlyMap<DescMethod, OperationFacts>;
}

/** What one method's operations have that its descriptor does not show. */
export interface OperationFacts {
  /** Replaces the body: content by media type. */
  readonly requestContent?: JsonObject;
  /** Of the body, if that is JSON. */
  readonly example?: JsonValue;
  /** Parameters besides those of the request message. */
  readonly parameters?: readonly JsonObject[];
  /** Replaces the ways to say who calls. */
  readonly security?: readonly (readonly string[])[];
}

/** A reference to the schema of a message in the document. */
export type SchemaOf = (message: DescMessage) => JsonObject;

/** A call whose answers are to be described. */
export interface DocumentedCall {
  readonly binding: Binding;
  /** The schema of the message, or of the field of it that the rule names. */
  readonly schema: () => JsonObject;
  readonly schemaOf: SchemaOf;
}

/** A Response Object: JSON of a schema, or nothing. */
export function response(description: string, schema?: JsonObject): JsonObject {
  if (schema === undefined) return { description };
  return { description, content: { 'application/json': { schema } } };
}

/** The service's own tokens. */
export const bearer: JsonObject = {
  type: 'http',
  scheme: 'bearer',
  description: 'A token: it is shown once, when the user is made.',
};

/** Name and password of a user. */
export const basic: JsonObject = { type: 'http', scheme: 'basic' };
