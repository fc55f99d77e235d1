import avro, { type Type } from 'avsc';
import type { SourceRecord } from '../../kafka/source-record.js';
import { badRecord } from '../bad-record.js';
import { type ParsedFields, type RecordParser, withoutValue } from '../record-parser.js';
import { AvroBoundsError, type BoundsCheck, compileBounds } from './bounds.js';
import { SchemaRefusedError, type SchemaRegistry } from './schema-registry.js';

/** The first byte of Confluent's framing, and the bytes in front of the value: that one and the schema's id. */
export const magicByte = 0;
export const frameBytes = 5;

/** Schemas of one topic; each new version of a producer brings one. */
const schemasMax = 1_000;
/** Ids that the registry does not have are remembered, so that bad records do not become calls. */
const unknownMs = 60_000;
/** Calls for new ids in a minute; beyond that records with new ids are bad. */
const lookupsPerMinute = 120;
/** A record has a schema for each of its fields; text beyond this is no schema. */
const schemaCharsMax = 512 * 1024;

interface Compiled {
  readonly type: Type;
  readonly check: BoundsCheck;
  /** Fields whose value names the branch of its union: of several numbers, which are all the same in JavaScript. */
  readonly wrapped: readonly string[];
}

type Known = Compiled | { readonly refused: string; readonly until: number };

export interface AvroRecordsOptions {
  /** Ids that records may have; others are bad and never looked up. Empty: all. */
  readonly ids?: readonly number[] | undefined;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** Reads records in Confluent's Avro framing, by the schemas of a registry. */
export class AvroRecords implements RecordParser {
  readonly #registry: SchemaRegistry;
  readonly #now: () => number;
  readonly #known = new Map<number, Known>();
  /** Empty: all. */
  readonly #allowed: ReadonlySet<number>;
  #minute = 0;
  #lookups = 0;

  constructor(
    registry: SchemaRegistry,
    { ids = [], now = () => performance.now() }: AvroRecordsOptions = {},
  ) {
    this.#registry = registry;
    this.#now = now;
    this.#allowed = new Set(ids);
  }

  /** Fetches the schemas that are not known yet. RegistryError if the registry does not answer. */
  async prepare(records: readonly SourceRecord[]): Promise<void> {
    const wanted = new Set<number>();
    for (const record of records) {
      const id = schemaIdOf(record);
      if (id !== undefined && this.#mayHave(id) && !this.#isKnown(id)) wanted.add(id);
    }
    for (const id of wanted) await this.#lookUp(id);
  }

  parse(record: SourceRecord): ParsedFields {
    const bad = withoutValue(record);
    if (bad) return { bad };
    const id = schemaIdOf(record);
    if (id === undefined) {
      return { bad: badRecord('NOT_FRAMED', 'The value is not in Confluent framing.') };
    }
    if (!this.#mayHave(id)) {
      return { bad: badRecord('SCHEMA_NOT_ALLOWED', `Schema ${id} is none of schema_ids.`) };
    }
    const known = this.#known.get(id);
    if (!known) return { bad: badRecord('SCHEMA_UNKNOWN', `Schema ${id} was not looked up.`) };
    if ('refused' in known) return { bad: badRecord('SCHEMA_UNKNOWN', known.refused) };
    return decode(record, known);
  }

  #mayHave(id: number): boolean {
    return this.#allowed.size === 0 || this.#allowed.has(id);
  }

  #isKnown(id: number): boolean {
    const known = this.#known.get(id);
    if (!known) return false;
    return !('refused' in known) || known.until > this.#now();
  }

  async #lookUp(id: number): Promise<void> {
    const until = this.#now() + unknownMs;
    if (!this.#mayLookUp()) return;
    try {
      this.#remember(id, compile(await this.#registry.schema(id)));
    } catch (error) {
      const isFinal = error instanceof SchemaRefusedError || error instanceof AvroBoundsError;
      if (!isFinal) throw error;
      this.#remember(id, { refused: `Schema ${id} cannot be used: ${error.message}`, until });
    }
  }

  #mayLookUp(): boolean {
    const minute = Math.floor(this.#now() / 60_000);
    if (minute !== this.#minute) this.#lookups = 0;
    this.#minute = minute;
    this.#lookups += 1;
    return this.#lookups <= lookupsPerMinute;
  }

  #remember(id: number, known: Known): void {
    this.#known.delete(id);
    this.#known.set(id, known);
    const [eldest] = this.#known.keys();
    if (this.#known.size > schemasMax && eldest !== undefined) this.#known.delete(eldest);
  }
}

function schemaIdOf({ bytes, valueStart, valueLength }: SourceRecord): number | undefined {
  if (valueLength < frameBytes || bytes[valueStart] !== magicByte) return undefined;
  return bytes.readInt32BE(valueStart + 1);
}

function compile(schema: string): Compiled {
  if (schema.length > schemaCharsMax) {
    throw new AvroBoundsError(`It has more than ${schemaCharsMax} characters`);
  }
  let type: Type;
  try {
    // Fields of a union are then the values themselves, as in JSON, wherever that can be.
    type = avro.Type.forSchema(JSON.parse(schema), { wrapUnions: 'auto' });
  } catch (error) {
    throw new AvroBoundsError(error instanceof Error ? error.message : String(error));
  }
  if (!(type instanceof avro.types.RecordType)) throw new AvroBoundsError('It is not of a record');
  const check = compileBounds(type);
  const isWrapped = ({ type: own }: { readonly type: Type }) =>
    own instanceof avro.types.WrappedUnionType;
  return { type, check, wrapped: type.fields.filter(isWrapped).map(({ name }) => name) };
}

function decode(
  { bytes, valueStart, valueLength }: SourceRecord,
  { type, check, wrapped }: Compiled,
): ParsedFields {
  const end = valueStart + valueLength;
  const start = valueStart + frameBytes;
  try {
    if (check(bytes, start, end) !== end) throw new AvroBoundsError('There are bytes behind it');
    const fields: unknown = type.fromBuffer(bytes.subarray(start, end));
    if (typeof fields !== 'object' || fields === null) throw new AvroBoundsError('It is no record');
    return { fields: unwrapped(fields as Readonly<Record<string, unknown>>, wrapped) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { bad: badRecord('INVALID_AVRO', `The value does not fit its schema: ${why}.`) };
  }
}

function unwrapped(
  fields: Readonly<Record<string, unknown>>,
  wrapped: readonly string[],
): Readonly<Record<string, unknown>> {
  if (wrapped.length === 0) return fields;
  const values = wrapped.map((name) => {
    const value = fields[name];
    return [name, typeof value === 'object' && value !== null ? Object.values(value)[0] : value];
  });
  return { ...fields, ...Object.fromEntries(values) };
}
