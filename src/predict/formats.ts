import type { ISocketFactory } from 'kafkajs';
import type { TensorInfo } from '../domain/model.js';
import type { TaskSpec } from '../domain/task.js';
import { AvroRecords } from './avro/avro-records.js';
import { AvroWriter, predictionSchema } from './avro/avro-writer.js';
import { schemaRegistry } from './avro/schema-registry.js';
import { RawWriter } from './raw-writer.js';
import type { ScorerOptions } from './scorer.js';
import type { OutputBinding } from './signature.js';

/** The part of a spec that says how records and predictions are encoded. */
export interface FormatSpec {
  readonly source: Pick<TaskSpec['source'], 'format' | 'schemaRegistryUrl'>;
  readonly sink: Pick<TaskSpec['sink'], 'format' | 'topic'>;
}

/** How a scorer reads and writes; what is JSON is left out. */
export type Formats = Pick<ScorerOptions, 'parser' | 'writer'>;

/**
 * Opens the formats of a task. The schema of Avro predictions is registered before any is written. RegistryError or
 * SchemaRefusedError if that cannot be.
 */
export async function openFormats(
  { source, sink }: FormatSpec,
  {
    bindings,
    outputs,
    socketFactory,
  }: {
    readonly bindings: readonly OutputBinding[];
    readonly outputs: readonly TensorInfo[];
    /** Knows where the task may connect. */
    readonly socketFactory: ISocketFactory;
  },
): Promise<Formats> {
  const registry = schemaRegistry(source.schemaRegistryUrl, socketFactory);
  // Raw records are not parsed: their bytes are the tensor's.
  const parser = source.format === 'AVRO' ? { parser: new AvroRecords(registry) } : {};
  if (sink.format === 'JSON') return parser;
  if (sink.format === 'FLOAT32') return { ...parser, writer: new RawWriter(bindings) };
  const schema = predictionSchema(bindings, outputs);
  const id = await registry.register(`${sink.topic}-value`, schema);
  return { ...parser, writer: new AvroWriter(bindings, schema, id) };
}
