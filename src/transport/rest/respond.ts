import type { Message } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import type { CallEnd } from '../call-end.js';
import { connectErrorFrom } from './errors.js';
import { cutResponse, isGone, writable } from './http/node.js';
import { discardBody, type Exchange, sendStreamHead, sendWhole, writePiece } from './http/reply.js';
import type { RestLimits } from './limits.js';
import type { CompleteRepresentation, RestReply, StreamFraming } from './representation.js';
import type { RestCall } from './rest-call.js';

/** Everything that answering a call needs. */
export interface Responder {
  readonly exchange: Exchange;
  readonly call: RestCall;
  readonly representation: CompleteRepresentation;
  readonly limits: RestLimits;
  /** Is told of what was thrown without being meant for the caller. */
  onFault(reason: unknown, call: RestCall): void;
}

/** Answers with one message; a promise only where that takes longer. */
export function respond(responder: Responder, message: Message): void | Promise<void> {
  const { call, representation } = responder;
  const reply = representation.encode(call, message);
  return reply instanceof Promise
    ? reply.then((encoded) => send(responder, encoded))
    : send(responder, reply);
}

/** Answers with the messages of a stream. Takes over the iterator and returns it in any case. */
export async function respondStream(
  responder: Responder,
  messages: AsyncIterator<Message>,
  end: CallEnd,
): Promise<void> {
  try {
    // Headers wait for the first message, so that a stream that fails at once is a plain error.
    const first = await end.race(messages.next());
    const framing = responder.representation.stream(responder.call);
    startStream(responder, framing.contentType(first.done === true ? undefined : first.value));
    if (responder.exchange.req.method === 'HEAD') {
      responder.exchange.res.end('');
      return;
    }
    await writeStream(responder, { framing, messages, first }, end);
  } finally {
    // The implementation may be amid something that does not heed the signal: do not wait for it.
    void Promise.resolve(messages.return?.()).catch(() => undefined);
  }
}

/**
 * Answers with an error. Does nothing if the caller is gone; cuts the connection if an answer has
 * begun already. Never throws.
 */
export async function respondError(responder: Responder, reason: unknown): Promise<void> {
  const { exchange, call, limits } = responder;
  const { res, req } = exchange;
  if (!(reason instanceof ConnectError)) {
    responder.onFault(reason, call);
  }
  if (isGone(res) || res.headersSent) {
    cutResponse(res);
    return;
  }
  try {
    await send(responder, encodeError(responder, connectErrorFrom(reason)));
  } catch (fault) {
    responder.onFault(fault, call);
    cutResponse(res);
  }
  discardBody(req, limits);
}

function encodeError({ representation, call }: Responder, error: ConnectError): RestReply {
  return representation.encodeError(call, error);
}

function send(responder: Responder, reply: RestReply): void | Promise<void> {
  const { exchange, call, limits } = responder;
  const headers = [call.responseHeader, reply.headers];
  const { status, body } = reply;
  return sendWhole(exchange, { status, headers, body }, limits.compressBytesMin);
}

function startStream({ exchange, call }: Responder, contentType: string): void {
  const headers = [call.responseHeader, { 'content-type': contentType }];
  sendStreamHead(exchange, { status: call.status ?? 200, headers });
}

interface Stream {
  readonly framing: StreamFraming;
  readonly messages: AsyncIterator<Message>;
  readonly first: IteratorResult<Message>;
}

async function writeStream(
  responder: Responder,
  { framing, messages, first }: Stream,
  end: CallEnd,
): Promise<void> {
  const { res } = responder.exchange;
  const { stalledMs } = responder.limits;
  const heartbeat = startHeartbeat(responder, framing);
  try {
    let next = first;
    while (next.done !== true) {
      await heartbeat.during(() => writePiece(res, framing.frame(next.value), stalledMs), end);
      next = await end.race(messages.next());
    }
    res.end(writable(res, framing.end()));
  } catch (reason) {
    failStream(responder, framing, reason);
  } finally {
    heartbeat.stop();
  }
}

/** Tells of a failure inside the stream, if its framing can; otherwise cuts the connection. */
function failStream(responder: Responder, framing: StreamFraming, reason: unknown): void {
  const { call, exchange } = responder;
  const { res } = exchange;
  if (!(reason instanceof ConnectError)) {
    responder.onFault(reason, call);
  }
  const text = isGone(res) ? undefined : framing.fail(connectErrorFrom(reason));
  if (text === undefined) {
    cutResponse(res);
  } else {
    res.end(writable(res, text));
  }
}

interface Heartbeat {
  /** Holds back while a piece is being written, and begins to count anew after it. */
  during(write: () => Promise<void>, end: CallEnd): Promise<void>;
  stop(): void;
}

function startHeartbeat({ exchange, limits }: Responder, framing: StreamFraming): Heartbeat {
  const { heartbeat } = framing;
  let isWriting = false;
  const beat = () => {
    // A reader that is behind needs no sign of life, and more bytes would only pile up.
    if (!isWriting && heartbeat !== undefined) {
      void writePiece(exchange.res, heartbeat, limits.stalledMs);
    }
  };
  const timer = heartbeat === undefined ? undefined : setInterval(beat, limits.heartbeatMs);
  return {
    async during(write, end) {
      isWriting = true;
      await end.race(write());
      isWriting = false;
      timer?.refresh();
    },
    stop: () => clearInterval(timer),
  };
}
