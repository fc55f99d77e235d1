import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { parseFailure } from './parse-failure.js';

/** Parameters of an action, each of which is asked for by its type. */
export class Params {
  readonly #given: JsonObject;
  readonly #asked = new Set<string>();

  constructor(given: JsonObject) {
    this.#given = given;
  }

  /** All of them, as they are. */
  all(): JsonObject {
    return this.#given;
  }

  text(name: string): string | undefined {
    return this.#read(name, 'a text', (value) => (typeof value === 'string' ? value : undefined));
  }

  flag(name: string): boolean | undefined {
    const asFlag = (value: JsonValue) => (typeof value === 'boolean' ? value : undefined);
    return this.#read(name, 'true or false', asFlag);
  }

  texts(name: string): readonly string[] | undefined {
    return this.#read(name, 'a list of texts', (value) => {
      if (!Array.isArray(value)) return undefined;
      const texts = value.filter((item) => typeof item === 'string');
      return texts.length === value.length ? texts : undefined;
    });
  }

  textMap(name: string): Readonly<Record<string, string>> | undefined {
    return this.#read(name, 'an object of texts', (value) => {
      if (!isObject(value)) return undefined;
      const entries = Object.entries(value);
      const texts = entries.flatMap(([key, item]) =>
        typeof item === 'string' ? [[key, item] as const] : [],
      );
      return texts.length === entries.length ? Object.fromEntries(texts) : undefined;
    });
  }

  /** Refuses what was not asked for: it would be passed over silently. */
  end(): void {
    const unknown = Object.keys(this.#given).find((name) => !this.#asked.has(name));
    if (unknown === undefined) return;
    const known = [...this.#asked].join(', ') || 'none';
    throw parseFailure(`the parameters of this action are: ${known}`);
  }

  #read<T>(name: string, wanted: string, as: (value: JsonValue) => T | undefined): T | undefined {
    this.#asked.add(name);
    const value = Object.hasOwn(this.#given, name) ? this.#given[name] : undefined;
    if (value === undefined) return undefined;
    const read = as(value);
    if (read === undefined) throw parseFailure(`params.${name} must be ${wanted}`);
    return read;
  }
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
