import type { Link, Span, Tracer } from '@opentelemetry/api';
import type { SourceRecord } from '../kafka/source-record.js';
import {
  activeTracer,
  beginSpan,
  CONSUMER,
  contextOf,
  failSpan,
  flushSpans,
  INTERNAL,
  traceparentOf,
} from '../telemetry/tracing.js';
import { type EncodedHeaders, encodeHeaders } from './extra-headers.js';
import type { StartMessage } from './messages.js';
import { recordTraceparent } from './record-traceparent.js';

/** A span with more of them is more than collectors take; the others of the batch were treated the same. */
const linksMax = 32;

/**
 * Makes spans of the micro-batches of a thread; undefined without an SDK of OpenTelemetry. Threads load this file only
 * where somebody traces: others are spared its memory.
 */
export function openBatchSpans(start: StartMessage): BatchSpans | undefined {
  const tracer = activeTracer();
  return tracer && new BatchSpans(tracer, start);
}

/** Begins the span of a runner that is getting ready, below that of its start. */
export function preparing(start: StartMessage): Span | undefined {
  const tracer = activeTracer();
  const attributes = {
    'predictd.task': start.taskName,
    'predictd.execution': start.executionNumber,
    'predictd.epoch': start.epoch,
  };
  const facts = { name: 'prepare runner', kind: INTERNAL, attributes, parent: start.traceparent };
  return tracer && beginSpan(tracer, facts);
}

export class BatchSpans {
  readonly #tracer: Tracer;
  readonly #start: StartMessage;

  constructor(tracer: Tracer, start: StartMessage) {
    this.#tracer = tracer;
    this.#start = start;
  }

  /** Begins the span of a micro-batch, linked to the spans that its records name. */
  begin(partition: number, records: readonly SourceRecord[]): BatchSpan {
    const { spec, consumerGroup, taskName, executionNumber } = this.#start;
    const span = beginSpan(this.#tracer, {
      name: `process ${spec.source.topic}`,
      kind: CONSUMER,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.destination.name': spec.source.topic,
        'messaging.destination.partition.id': String(partition),
        'messaging.consumer.group.name': consumerGroup,
        'messaging.batch.message_count': records.length,
        'predictd.task': taskName,
        'predictd.execution': executionNumber,
      },
      links: linksOf(records),
    });
    return new BatchSpan(span);
  }

  /** Sends what was recorded. */
  flush(): Promise<void> {
    return flushSpans();
  }
}

/** The span of one micro-batch. */
export class BatchSpan {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  /** The headers of a prediction whose record belongs to no trace yet: those known, and where it belongs now. */
  headers(known: EncodedHeaders): EncodedHeaders {
    const traceparent = traceparentOf(this.#span);
    if (traceparent === undefined) return known;
    const added = encodeHeaders([['traceparent', Buffer.from(traceparent)]]);
    return { count: known.count + added.count, bytes: Buffer.concat([known.bytes, added.bytes]) };
  }

  end(): void {
    this.#span.end();
  }

  fail(): void {
    failSpan(this.#span, 'it was not committed');
  }
}

function linksOf(records: readonly SourceRecord[]): Link[] {
  const seen = new Set<string>();
  const links: Link[] = [];
  for (const record of records) {
    if (links.length === linksMax) break;
    const traceparent = recordTraceparent(record);
    if (traceparent === undefined || seen.has(traceparent)) continue;
    seen.add(traceparent);
    const context = contextOf(traceparent);
    if (context) links.push({ context });
  }
  return links;
}
