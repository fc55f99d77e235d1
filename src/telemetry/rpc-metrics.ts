import type { DescMethod } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import { codeOfAbort, codeOfError } from './rpc-code.js';
import type { CallMetrics } from './service-metrics.js';

/**
 * Counts every call, whatever protocol or route it came by, and takes the time of unary ones. To be the outermost
 * interceptor, so that it sees what the caller is told.
 */
export function rpcMetrics(metrics: CallMetrics): Interceptor {
  const meters = new Map<DescMethod, Meter>();
  return (next) => async (req) => {
    let meter = meters.get(req.method);
    if (!meter) {
      meter = new Meter(metrics, req.method);
      meters.set(req.method, meter);
    }
    const call = meter.begin();
    try {
      const res = await next(req);
      if (res.stream) {
        // A stream that nobody begins to read ends without a word.
        req.signal.addEventListener('abort', () => call.end(codeOfAbort(req.signal)));
        return { ...res, message: counted(res.message, call) };
      }
      call.end('ok');
      return res;
    } catch (error) {
      call.end(codeOfError(error));
      throw error;
    }
  };
}

interface Call {
  /** Counts once, whatever is called again. */
  end(code: string): void;
}

/** The series of one method, looked up once. */
class Meter {
  readonly #metrics: CallMetrics;
  readonly #labels: { readonly service: string; readonly method: string };
  readonly #unary: boolean;
  readonly #ended = new Map<string, ReturnType<CallMetrics['ended']['labels']>>();
  readonly #underWay: ReturnType<CallMetrics['underWay']['labels']>;
  readonly #duration: ReturnType<CallMetrics['duration']['labels']>;

  constructor(metrics: CallMetrics, method: DescMethod) {
    this.#metrics = metrics;
    this.#labels = { service: method.parent.typeName, method: method.name };
    this.#unary = method.methodKind === 'unary';
    this.#underWay = metrics.underWay.labels(this.#labels);
    this.#duration = metrics.duration.labels(this.#labels);
  }

  begin(): Call {
    const startedAt = performance.now();
    let open = true;
    this.#underWay.inc();
    return {
      end: (code) => {
        if (!open) return;
        open = false;
        this.#underWay.dec();
        this.#counter(code).inc();
        if (this.#unary) this.#duration.observe((performance.now() - startedAt) / 1_000);
      },
    };
  }

  #counter(code: string) {
    let counter = this.#ended.get(code);
    if (!counter) {
      counter = this.#metrics.ended.labels({ ...this.#labels, code });
      this.#ended.set(code, counter);
    }
    return counter;
  }
}

/** A stream whose reader goes away is returned before its end: it was cancelled. */
async function* counted<T>(messages: AsyncIterable<T>, call: Call): AsyncGenerator<T> {
  try {
    yield* messages;
    call.end('ok');
  } catch (error) {
    call.end(codeOfError(error));
    throw error;
  } finally {
    call.end('canceled');
  }
}
