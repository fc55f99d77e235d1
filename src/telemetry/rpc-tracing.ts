import type { Interceptor } from '@connectrpc/connect';
import { context, propagation, type Span, type Tracer, trace } from '@opentelemetry/api';
import { codeOfAbort, codeOfError } from './rpc-code.js';
import { failSpan, SERVER } from './tracing.js';

/** Makes each call a span, below that of the caller if the caller tells one in its headers. */
export function rpcTracing(tracer: Tracer): Interceptor {
  return (next) => async (req) => {
    const above = propagation.extract(context.active(), req.header, {
      get: (header, key) => header.get(key) ?? undefined,
      keys: (header) => [...header.keys()],
    });
    const { service, method } = req;
    const attributes = {
      'rpc.system': 'connect_rpc',
      'rpc.service': service.typeName,
      'rpc.method': method.name,
    };
    const name = `${service.typeName}/${method.name}`;
    const span = tracer.startSpan(name, { kind: SERVER, attributes }, above);
    try {
      const res = await context.with(trace.setSpan(above, span), () => next(req));
      if (res.stream) {
        // A stream that nobody begins to read ends without a word.
        req.signal.addEventListener('abort', () => end(span, codeOfAbort(req.signal)));
        return { ...res, message: traced(res.message, span) };
      }
      end(span);
      return res;
    } catch (error) {
      end(span, codeOfError(error));
      throw error;
    }
  };
}

async function* traced<T>(messages: AsyncIterable<T>, span: Span): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (error) {
    end(span, codeOfError(error));
    throw error;
  } finally {
    end(span);
  }
}

/** Ends a span once, whatever is called again. The code tells of a failure; texts of errors may quote what was asked. */
function end(span: Span, failure?: string): void {
  if (!span.isRecording()) return;
  if (failure === undefined) {
    span.end();
    return;
  }
  span.setAttribute('rpc.connect_rpc.error_code', failure);
  failSpan(span, failure);
}
