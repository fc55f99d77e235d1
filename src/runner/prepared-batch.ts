import type { Counters } from '../domain/execution.js';
import type { SinkBatches } from '../kafka/partition-producer.js';
import { RecordBatchWriter } from '../kafka/record-batch-writer.js';
import type { Spent } from '../predict/scorer.js';
import type { BatchSpan } from './batch-span.js';
import type { TopicPlan } from './thread-messages.js';

/** A micro-batch that was predicted and encoded, and not yet written. */
export interface PreparedBatch {
  readonly sends: readonly SinkBatches[];
  /** What it adds to the counters. */
  readonly counters: Counters;
  /** Offset to commit with it. */
  readonly nextOffset: number;
  readonly startedAt: number;
  /** Milliseconds that it took. */
  readonly spent: Spent;
  /** Own times of some of its records, evenly spread, in milliseconds since 1970; -1 for none. */
  readonly times: readonly number[];
  /** To be ended with it. */
  readonly span: BatchSpan | undefined;
}

/** The buffers in which one micro-batch is encoded. Used again once its batch was written. */
export class BatchBuffers {
  /** Most records go where the one before them went. */
  #last: WriterEntry | undefined;
  readonly #writers = new Map<string, WriterEntry>();

  /** The writer for one partition of a topic. */
  writer(plan: TopicPlan, partition: number): RecordBatchWriter {
    const last = this.#last;
    if (last !== undefined && last.plan === plan && last.partition === partition)
      return last.writer;
    const key = `${plan.topic} ${partition}`;
    let entry = this.#writers.get(key);
    if (!entry) {
      const writer = new RecordBatchWriter({ maxBatchBytes: plan.maxBatchBytes });
      entry = { plan, partition, writer };
      this.#writers.set(key, entry);
    }
    this.#last = entry;
    return entry.writer;
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

interface WriterEntry {
  readonly plan: TopicPlan;
  readonly partition: number;
  readonly writer: RecordBatchWriter;
}
