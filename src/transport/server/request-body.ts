import { Code, ConnectError } from '@connectrpc/connect';
import type { HttpRequest } from './exchange.js';

/** The bytes of a request, readable until it is answered. */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /**
   * Call once the answer is written: from then on reading fails. What is left of the upload is
   * thrown away, and must not look like a proper end to a handler that still waits for input.
   */
  close(): void;
}

/** Wraps the body of `req`. Leaving it half read does not destroy the request, unlike `for await (… of req)`. */
export function requestBody(req: HttpRequest): RequestBody {
  const source: AsyncIterator<Uint8Array> = req.iterator({ destroyOnReturn: false });
  let closed = false;
  return {
    close() {
      closed = true;
      source.return?.()?.catch(() => {});
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const { done, value } = await source.next();
          if (closed) throw new ConnectError('the call has been answered', Code.Canceled);
          if (done === true) return;
          yield value;
        }
      } catch (err) {
        throw endedEarly(err);
      } finally {
        await source.return?.();
      }
    },
  };
}

function endedEarly(err: unknown): ConnectError {
  if (err instanceof ConnectError) return err;
  return new ConnectError('the request ended early', Code.Canceled, undefined, undefined, err);
}
