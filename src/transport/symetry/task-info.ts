import { create, type JsonValue } from '@bufbuild/protobuf';
import { type TaskInfo, TaskInfoSchema } from '../../../gen/ts/symetry/v1/task_service_pb.js';
import { shown } from '../../domain/names.js';
import { parseJsonBody } from '../rest/http/json-text.js';
import type { RestCall } from '../rest/rest-call.js';
import { secretKeyKey } from './auth.js';
import { decryptBody } from './body-cipher.js';
import { refuse } from './refusal.js';

/** TaskInfo is an object with an object in it. */
const depthMax = 8;

/**
 * Reads the body of a create: TaskInfo as JSON, encrypted under the key that signed the request; or as it is, if the
 * operator allows that.
 */
export function readTaskInfo(call: RestCall, allowPlain: boolean): TaskInfo {
  return taskInfoFromJson(parseJsonBody(decrypted(call, allowPlain), depthMax));
}

/** Reads the JSON of a TaskInfo. Members that are not documented are passed over. */
export function taskInfoFromJson(json: JsonValue): TaskInfo {
  if (!isObject(json)) throw malformed('TaskInfo is not a JSON object');
  const { type, name, params } = json;
  return create(TaskInfoSchema, {
    type: textOf(type, 'type'),
    name: textOf(name, 'name'),
    params: paramsOf(params ?? {}),
  });
}

function decrypted(call: RestCall, allowPlain: boolean): Uint8Array {
  const { body } = call.request;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8').trim();
  if (text === '') throw malformed('TaskInfo is missing');
  if (text.startsWith('{')) {
    if (allowPlain) return Buffer.from(text);
    throw malformed('TaskInfo is not encrypted');
  }
  const plain = decryptBody(text, call.values.get(secretKeyKey));
  if (plain === undefined) {
    throw malformed('TaskInfo is not encrypted under the secret key of the customer');
  }
  return plain;
}

function paramsOf(json: JsonValue): Record<string, string> {
  if (!isObject(json)) throw malformed('TaskInfo: params is not a JSON object');
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, textOf(value, key)]));
}

/** Texts, and numbers and truth values as their texts; null as if it were not there. */
function textOf(value: JsonValue | undefined, what: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') throw malformed(`TaskInfo: ${shown(what)} is not a text`);
  return String(value);
}

function isObject(json: JsonValue): json is { [name: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function malformed(statusString: string): Error {
  return refuse({ status: 400, statusString });
}
