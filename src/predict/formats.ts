import type { ISocketFactory } from 'kafkajs';
import type { TensorInfo } from '../domain/model.js';
import type { TaskSpec } from '../domain/task.js';
import { AvroRecords } from './avro/avro-records.js';
import { AvroWriter, predictionSchema } from './avro/avro-writer.js';
import { schemaRegistry } from './avro/schema-registry.js';
import type { RowWriter } from './prediction-writer.js';
import { RawWriter } from './raw-writer.js';
import type { RecordParser } from './record-parser.js';
import type { ScorerOptions } from './scorer.js';
import type { OutputBinding } from './signature.js';

/** The part of a spec that says how records and predictions are encoded. */
export interface FormatSpec {
  readonly source: Pick<
    TaskSpec['source'],
    'format' | 'schemaRegistryUrl' | 'schemaRegistryAuth' | 'schemaIds'
  >;
  readonly sink: Pick<TaskSpec['sink'], 'format' | 'topic'>;
}

/** How a scorer reads and writes; what is JSON is left out. */
export type Formats = Pick<ScorerOptions, 'parser' | 'writer'>;

/** What writing predictions takes to know. */
export interface WriterContext {
  readonly bindings: readonly OutputBinding[];
  readonly outputs: readonly TensorInfo[];
  /** Knows where the task may connect. */
  readonly socketFactory: ISocketFactory;
}

/**
 * Opens the formats of a task. The schema of Avro predictions is registered before any is written. RegistryError or
 * SchemaRefusedError if that cannot be.
 */
export async function openFormats(spec: FormatSpec, context: WriterContext): Promise<Formats> {
  const parser = openParser(spec, context.socketFactory);
  const writer = await openWriter(spec, context);
  return { ...(parser ? { parser } : {}), ...(writer ? { writer } : {}) };
}

/** Undefined for records that are JSON, or that are not parsed: bytes of raw ones are the tensor's. */
export function openParser(
  { source }: Pick<FormatSpec, 'source'>,
  socketFactory: ISocketFactory,
): RecordParser | undefined {
  if (source.format !== 'AVRO') return undefined;
  return new AvroRecords(schemaRegistry(source, socketFactory), { ids: source.schemaIds });
}

/** Undefined for JSON. */
export async function openWriter(
  { source, sink }: FormatSpec,
  { bindings, outputs, socketFactory }: WriterContext,
): Promise<RowWriter | undefined> {
  if (sink.format === 'JSON') return undefined;
  if (sink.format === 'FLOAT32') return new RawWriter(bindings);
  const registry = schemaRegistry(source, socketFactory);
  const schema = predictionSchema(bindings, outputs);
  const id = await registry.register(`${sink.topic}-value`, schema);
  return new AvroWriter(bindings, schema, id);
}
