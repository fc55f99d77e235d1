import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { isRequired } from './describe.js';
import { asList, asMessage, type Draft, type DraftMessage } from './draft.js';

/** The JSON of a message that a draft stands for. What was left empty is left out. */
export function toJsonObject(desc: DescMessage, draft: DraftMessage): JsonObject {
  const json: JsonObject = {};
  for (const field of desc.fields) {
    const given = draft[field.name];
    // Where a message must be given, the service says what of it is missing.
    const value = given ?? (field.fieldKind === 'message' && isRequired(field) ? {} : undefined);
    const converted = value === undefined ? undefined : fieldToJson(field, value);
    if (converted !== undefined) json[field.name] = converted;
  }
  return json;
}

function fieldToJson(field: DescField, value: Draft): JsonValue | undefined {
  switch (field.fieldKind) {
    case 'message':
      // A duration is a text in JSON.
      if (typeof value === 'string') return value === '' ? undefined : value;
      return messageToJson(field, asMessage(value));
    case 'list': {
      const items = asList(value).filter((item) => typeof item === 'string');
      return items.length === 0 ? undefined : items;
    }
    case 'map': {
      const entries = asList(value).map(asMessage);
      const pairs = entries.map(({ key, value: text }) => [String(key ?? ''), String(text ?? '')]);
      return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
    }
    case 'enum':
    case 'scalar':
      return value === '' || typeof value === 'object' ? undefined : value;
  }
}

/** A message of which nothing was said is not there, unless it must be given or its kind was chosen. */
function messageToJson(
  field: DescField & { readonly fieldKind: 'message' },
  draft: DraftMessage,
): JsonObject | undefined {
  const json = toJsonObject(field.message, draft);
  const isNeeded = isRequired(field) || field.oneof !== undefined;
  return isNeeded || Object.keys(json).length > 0 ? json : undefined;
}
