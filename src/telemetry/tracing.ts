import {
  type Attributes,
  context,
  type Link,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/**
 * The tracer, if an SDK of OpenTelemetry is there. Without one no span is made at all, so that nobody pays for what
 * nobody looks at. To be asked after the operator's module had its chance.
 */
export function activeTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (provider instanceof ProxyTracerProvider) return provider.getDelegateTracer('predictd');
  return provider.getTracer('predictd');
}

/** What a collector of spans may take. */
const patienceMs = 2_000;

/** Sends what was recorded, where the SDK can be asked to; a collector that does not answer is not waited for. */
export async function flushSpans(): Promise<void> {
  const provider = trace.getTracerProvider();
  const real: unknown = provider instanceof ProxyTracerProvider ? provider.getDelegate() : provider;
  if (typeof real !== 'object' || real === null || !('forceFlush' in real)) return;
  const { forceFlush } = real;
  if (typeof forceFlush !== 'function') return;
  const late = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
  await Promise.race([Promise.resolve(forceFlush.call(real)).catch(() => undefined), late]);
}

/** What a span is made of. */
export interface SpanFacts {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  /** `traceparent` of the span above, for spans that begin in another process. Absent: whatever is active. */
  readonly parent?: string | undefined;
  readonly links?: readonly Link[];
}

/** Begins a span. Whoever begins it ends it. */
export function beginSpan(tracer: Tracer, facts: SpanFacts): Span {
  const { name, kind, attributes, parent, links = [] } = facts;
  const above = parent === undefined ? undefined : contextOf(parent);
  const around = above ? trace.setSpanContext(ROOT_CONTEXT, above) : context.active();
  return tracer.startSpan(name, { kind, attributes, links: [...links] }, around);
}

/** Ends a span as failed. */
export function failSpan(span: Span, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.end();
}

/** The W3C `traceparent` of a span; undefined if it is not recorded. */
export function traceparentOf(span: Span): string | undefined {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (!span.isRecording()) return undefined;
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Reads a `traceparent`; undefined if it is none. Later versions may have more behind the flags. */
export function contextOf(traceparent: string): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = pattern.exec(traceparent) ?? [];
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

export const { CONSUMER, INTERNAL, SERVER } = SpanKind;

const pattern = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
