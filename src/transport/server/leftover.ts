import { constants } from 'node:http2';
import { cutOff, type HttpRequest, type HttpResponse } from './exchange.js';
import type { Limits } from './limits.js';

/**
 * Sees to it that an answer given before the upload ended can be read by the client, which may not
 * read before it has written: when the answer is out, the rest of the upload is thrown away, up to
 * a bound in bytes and time, and then the exchange is cut off.
 */
export function discardLeftover(req: HttpRequest, res: HttpResponse, limits: Limits): void {
  if (!uploads(req)) return;
  // The HTTP/2 response object itself says 'finish' only when the whole stream has closed.
  const sink = 'stream' in res ? res.stream : res;
  // First of all listeners, before Node's own makes the parser drop the rest uncounted.
  sink.prependListener('finish', () => {
    if (hasLeftover(req)) discard(req, limits).catch(() => {});
  });
}

/**
 * Cuts off an upload over HTTP/2 that stands still for `requestMs` before anything was answered; Node has a clock only
 * for those over HTTP/1. A stream whose answer has begun may be as silent as both sides like.
 */
export function limitUpload(req: HttpRequest, res: HttpResponse, limits: Limits): void {
  if (!('stream' in req) || !uploads(req)) return;
  req.stream.setTimeout(limits.requestMs, () => {
    if (!req.complete && !res.headersSent) cutOff(req, constants.NGHTTP2_CANCEL);
  });
}

/** Whether a request comes with a body, from its framing alone. */
function uploads(req: HttpRequest): boolean {
  if ('stream' in req) return !req.stream.endAfterHeaders;
  const { 'content-length': length = '0', 'transfer-encoding': coding } = req.headers;
  return coding !== undefined || length !== '0';
}

function hasLeftover(req: HttpRequest): boolean {
  if (req.readableEnded || req.destroyed) return false;
  // Otherwise nothing was sent, or all of it has been read.
  return !req.complete || req.readableLength > 0;
}

/** Reads `req` to its end or to the bound; resolves then, with the exchange cut off at the bound. */
export function discard(req: HttpRequest, limits: Limits): Promise<void> {
  if (!hasLeftover(req)) return Promise.resolve();
  return new Promise((resolve) => {
    let bytes = 0;
    const giveUp = () => cutOff(req, constants.NGHTTP2_NO_ERROR);
    const timer = setTimeout(giveUp, limits.leftoverMs);
    // An HTTP/1 request that was answered is no longer told when its connection closes.
    const carrier = 'stream' in req ? req.stream : req.socket;
    const done = () => {
      clearTimeout(timer);
      carrier.off('close', done);
      resolve();
    };
    carrier.once('close', done);
    req.on('error', done);
    req.once('end', done);
    req.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > limits.leftoverMaxBytes) giveUp();
    });
    req.resume();
  });
}

/**
 * Ends `res`. An HTTP/1 connection that closes after this answer is reset by unread upload, which
 * would take the answer with it: there the upload is thrown away first.
 */
export async function endResponse(
  req: HttpRequest,
  res: HttpResponse,
  limits: Limits,
): Promise<void> {
  const closesAfter = !('stream' in res) && !res.shouldKeepAlive;
  if (closesAfter && !('stream' in req) && !req.complete) await discard(req, limits);
  res.end();
}
