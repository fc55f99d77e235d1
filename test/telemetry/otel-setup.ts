import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** What an operator gives as `--tracing`: OpenTelemetry's own SDK, which sends to OTEL_EXPORTER_OTLP_ENDPOINT. */
const spanProcessors = [new BatchSpanProcessor(new OTLPTraceExporter())];
new NodeTracerProvider({ spanProcessors }).register();
