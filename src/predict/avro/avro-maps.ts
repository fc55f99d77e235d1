import avro, { type Type } from 'avsc';
import type { WrittenRow } from '../prediction-writer.js';
import { avroName, frame } from './avro-writer.js';
import type { SchemaRegistry } from './schema-registry.js';

/** The keys of one version of a schema. */
interface Version {
  readonly type: Type;
  readonly frame: Buffer;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Writes maps of texts as Avro records in Confluent's framing, whose fields are texts. Which keys there are is only known
 * from the maps; a new one makes a new version of the schema, which readers of the old one can read.
 */
export class AvroMaps {
  readonly #registry: SchemaRegistry;
  readonly #subject: string;
  #version: Version | undefined;

  constructor(registry: SchemaRegistry, subject: string) {
    this.#registry = registry;
    this.#subject = subject;
  }

  /** Registers what these maps need. RegistryError or SchemaRefusedError if that cannot be. */
  async prepare(maps: readonly Readonly<Record<string, string>>[]): Promise<void> {
    const known = this.#version?.names ?? new Map<string, string>();
    const keys = new Set([...known.keys(), ...maps.flatMap((map) => Object.keys(map))]);
    if (this.#version && keys.size === known.size) return;
    const names = new Map([...keys].map((key) => [key, avroName(key)]));
    const fields = [...new Set(names.values())].map((name) => ({
      name,
      type: 'string',
      default: '',
    }));
    const schema = { type: 'record', name: 'Prediction', namespace: 'predictd', fields } as const;
    const id = await this.#registry.register(this.#subject, JSON.stringify(schema));
    const type = avro.Type.forSchema(JSON.parse(JSON.stringify(schema)));
    this.#version = { type, names, frame: frame(id) };
  }

  /** Writes a map that `prepare` has seen; a key that it lacks is an empty text. */
  write(map: Readonly<Record<string, string>>): WrittenRow {
    const version = this.#version;
    if (!version) throw new Error('No schema was prepared.');
    // Without a prototype, as parts of which keys may be named. Of keys that Avro names alike the first with a text counts.
    const value: Record<string, string> = Object.create(null);
    for (const [key, name] of version.names) {
      value[name] ||= (Object.hasOwn(map, key) && map[key]) || '';
    }
    const bytes = Buffer.concat([version.frame, version.type.toBuffer(value)]);
    return { bytes, length: bytes.length };
  }
}
