import { setTimeout as delay } from 'node:timers/promises';
import type { ISocketFactory } from 'kafkajs';
import { basicHeader } from '../../domain/basic-header.js';
import type { BasicCredentials } from '../../domain/task.js';
import { type HttpAnswer, HttpCallError, httpCall, withSlash } from '../http-call.js';
import { type JsonObject, parseObject } from '../json-object.js';

/** A registry that does not answer, or answers what is no registry's. A later try may succeed. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
}

/** A schema that the registry does not have, or does not take. Trying again changes nothing. */
export class SchemaRefusedError extends Error {
  override readonly name = 'SchemaRefusedError';
}

/** A registry that does not let the task in, whatever schema it asks for. */
export class RegistryDeniedError extends Error {
  override readonly name = 'RegistryDeniedError';
}

/** The texts of schemas by the ids that records carry. */
export interface SchemaRegistry {
  /** The schema as JSON text. SchemaRefusedError if there is no Avro schema of this id; RegistryError. */
  schema(id: number): Promise<string>;
  /** Registers a schema for a subject, or finds that it is registered; answers its id. The same errors. */
  register(subject: string, schema: string): Promise<number>;
}

/** Where a registry is, and who asks it. */
export interface RegistryAccess {
  readonly schemaRegistryUrl: string;
  readonly schemaRegistryAuth?: BasicCredentials;
}

/** Speaks with a Confluent-compatible registry. It keeps nothing: see `AvroRecords` for that. */
export function schemaRegistry(
  { schemaRegistryUrl: url, schemaRegistryAuth: auth }: RegistryAccess,
  socketFactory: ISocketFactory,
): SchemaRegistry {
  const base = withSlash(url);
  const authorization = auth ? { authorization: `Basic ${basicHeader(auth)}` } : {};
  const call = (path: string, body?: object) =>
    patiently(() =>
      httpCall({
        method: body === undefined ? 'GET' : 'POST',
        url: new URL(path, base),
        headers: {
          accept: mediaType,
          ...authorization,
          ...(body === undefined ? {} : { 'content-type': mediaType }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        bytesMax: answerBytesMax,
        timeoutMs,
        connection: socketFactory,
      }),
    );
  return {
    async schema(id) {
      const { schema, schemaType = 'AVRO', references = [] } = await call(`schemas/ids/${id}`);
      if (schemaType !== 'AVRO' || typeof schema !== 'string') {
        throw new SchemaRefusedError(`Schema ${id} is no Avro schema.`);
      }
      if (Array.isArray(references) && references.length > 0) {
        throw new SchemaRefusedError(`Schema ${id} refers to others, which is not supported.`);
      }
      return schema;
    },
    async register(subject, schema) {
      const path = `subjects/${encodeURIComponent(subject)}/versions`;
      const { id } = await call(path, { schema });
      if (typeof id === 'number' && Number.isInteger(id)) return id;
      throw new RegistryError('The schema registry gave no id.');
    },
  };
}

const mediaType = 'application/vnd.schemaregistry.v1+json';
/** The largest schemas seen in the wild have some hundred kilobytes. */
const answerBytesMax = 1024 * 1024;
const timeoutMs = 5_000;
/** A registry that is replaced is away for a moment. */
const triesMax = 3;
const retryMs = 250;

async function patiently(attempt: () => Promise<HttpAnswer>): Promise<JsonObject> {
  for (let tries = 1; ; tries += 1) {
    try {
      return read(await attempt());
    } catch (error) {
      const isTransient = error instanceof RegistryError || error instanceof HttpCallError;
      if (!isTransient) throw error;
      if (tries === triesMax) {
        throw new RegistryError(`The schema registry does not answer: ${error.message}`, {
          cause: error,
        });
      }
      await delay(retryMs * tries);
    }
  }
}

function read({ status, text }: HttpAnswer): JsonObject {
  if (status >= 500 || status === 429) throw new RegistryError(`it answered ${status}`);
  const json = parseObject(text);
  if (status === 200 && json) return json;
  if (status === 401 || status === 403) {
    throw new RegistryDeniedError(
      `The schema registry answered ${status}: it wants other credentials.`,
    );
  }
  const message = typeof json?.message === 'string' ? `: ${json.message.slice(0, 300)}` : '';
  throw new SchemaRefusedError(`The schema registry answered ${status}${message}.`);
}
