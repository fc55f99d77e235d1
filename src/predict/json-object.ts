/** The members of an object in JSON that somebody else wrote. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The members of a value; undefined unless it is an object. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

/** The members of an object that is written as text; undefined unless that is JSON, and an object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
