import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { CommandError } from './exit-code.js';
import { isObject } from './message-reader.js';

/** Rows of a text that is a JSON array of objects, one object, or one object a line. */
export function parseRows(text: string, file: string): readonly JsonObject[] {
  const trimmed = text.trim();
  if (trimmed === '') throw new CommandError(`${file} holds no rows`);
  const whole = tryParse(trimmed);
  if (whole !== undefined) {
    const list = Array.isArray(whole) ? whole : [whole];
    return list.map((row, index) => asRow(row, `${file}: row ${index + 1}`));
  }
  if (trimmed.startsWith('[')) throw new CommandError(`${file} is no JSON array`);
  const rows: JsonObject[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') rows.push(asRow(tryParse(line), `${file}: line ${index + 1}`));
  }
  return rows;
}

function asRow(value: JsonValue | undefined, place: string): JsonObject {
  if (isObject(value)) return value;
  throw new CommandError(`${place} is no JSON object`, {
    hint: 'write a row as {"features": [1, 2]} or with one member for each feature',
  });
}

function tryParse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
