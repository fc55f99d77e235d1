import type { Counters } from '../domain/execution.js';
import type { SinkBatches } from '../kafka/partition-producer.js';
import { RecordBatchWriter } from '../kafka/record-batch-writer.js';
import type { TopicPlan } from './thread-messages.js';

/** A micro-batch that was predicted and encoded, and not yet written. */
export interface PreparedBatch {
  readonly sends: readonly SinkBatches[];
  /** What it adds to the counters. */
  readonly counters: Counters;
  /** Offset to commit with it. */
  readonly nextOffset: number;
  readonly startedAt: number;
}

/** The buffers in which one micro-batch is encoded. Used again once its batch was written. */
export class BatchBuffers {
  readonly #writers = new Map<
    string,
    { plan: TopicPlan; partition: number; writer: RecordBatchWriter }
  >();

  /** The writer for one partition of a topic. */
  writer(plan: TopicPlan, partition: number): RecordBatchWriter {
    const key = `${plan.topic} ${partition}`;
    const found = this.#writers.get(key);
    if (found) return found.writer;
    const writer = new RecordBatchWriter({ maxBatchBytes: plan.maxBatchBytes });
    this.#writers.set(key, { plan, partition, writer });
    return writer;
  }

  /** All that was written; valid until `reset`. */
  finish(): SinkBatches[] {
    const sends: SinkBatches[] = [];
    for (const { plan, partition, writer } of this.#writers.values()) {
      const batches = writer.finish();
      if (batches.length > 0) sends.push({ topic: plan.topic, partition, batches });
    }
    return sends;
  }

  reset(): void {
    for (const { writer } of this.#writers.values()) writer.reset();
  }
}
