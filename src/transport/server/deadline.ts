import type { ConnectError, Interceptor } from '@connectrpc/connect';
import { callEndKey, endsUnary } from '../call-end.js';
import { abortError, orAborted } from './aborted.js';

/**
 * Holds calls to their deadline even when the handler ignores its signal, and ends them when the
 * client has gone or the server drains. A unary call that has begun is let finish on draining: its
 * effect is about to happen, and the answer should say so.
 */
export const deadline: Interceptor = (next) => async (req) => {
  const counts = req.method.methodKind === 'unary' ? endsUnary : always;
  const end = req.contextValues.get(callEndKey);
  if (end !== undefined && !req.stream) {
    if (end.reason !== undefined) throw end.reason;
    return await end.race(next(req), counts);
  }
  const { signal } = req;
  if (signal.aborted) throw abortError(signal);
  const res = await orAborted(next(req), signal, counts);
  return res.stream ? { ...res, message: untilAborted(res.message, signal) } : res;
};

async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let fail: (reason: unknown) => void = () => undefined;
  const onAbort = () => fail(abortError(signal));
  // Once for the stream: adding and removing a listener for each message costs as much as sending it.
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      const result = await new Promise<IteratorResult<T>>((resolve, reject) => {
        fail = reject;
        if (signal.aborted) onAbort();
        iterator.next().then(resolve, reject);
      });
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a handler that is stuck would keep the call open for good.
    iterator.return?.()?.catch(() => {});
  }
}

function always(_reason: ConnectError): boolean {
  return true;
}
