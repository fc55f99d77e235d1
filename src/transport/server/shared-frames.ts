import type { DescMethodStreaming, Message } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type ContextKey,
  createContextKey,
  type Interceptor,
} from '@connectrpc/connect';
import {
  createMethodSerializationLookup,
  encodeEnvelope,
  envelopeCompress,
} from '@connectrpc/connect/protocol';
import { abortError } from './aborted.js';
import { COMPRESSIONS } from './compression.js';
import type { RpcOptions } from './rpc-handler.js';

/** Writes to the answer of a call, after its header has left; false when nobody can receive the rest. */
export type FrameSink = (frame: Uint8Array) => boolean | Promise<boolean>;

/** Where a stream finds the answer that it may write to; undefined outside the server. */
export const frameSinkKey: ContextKey<FrameSink | undefined> = createContextKey<
  FrameSink | undefined
>(undefined, { description: 'sink of frames' });

/** The bytes of a message as they go over the wire; a promise while they are compressed. */
type Frame = Uint8Array | Promise<Uint8Array>;
type Encode = (message: Message) => Frame;

/**
 * Writes the messages of a stream from the server straight to its reader, at the reader's pace, and makes the frame of
 * one message once for all streams that send it: a message must not change after it was yielded. All three protocols
 * frame alike. Connect's pipeline and the other interceptors, each layer of which costs promises for each message, get
 * the first message, with which the header leaves, and the end, which becomes trailers. To be put innermost.
 */
export function sharedFrames(options: Pick<RpcOptions, 'jsonOptions' | 'limits'>): Interceptor {
  const encoders = new Map<string, Encode>();
  const encoderOf = (method: DescMethodStreaming, header: Headers): Encode => {
    const isJson = /\+json\b/.test(header.get('content-type') ?? '');
    const encoding = header.get('grpc-encoding') ?? header.get('connect-content-encoding') ?? '';
    const key = `${method.output.typeName} ${isJson} ${encoding}`;
    let encode = encoders.get(key);
    if (!encode) {
      encode = once(encoder(method, { ...options, isJson, encoding }));
      encoders.set(key, encode);
    }
    return encode;
  };
  return (next) => async (req) => {
    const res = await next(req);
    const sink = req.contextValues.get(frameSinkKey);
    if (!res.stream || sink === undefined || res.method.methodKind !== 'server_streaming')
      return res;
    const encode = encoderOf(res.method, res.header);
    return { ...res, message: pastPipeline(res.message, { encode, sink, signal: req.signal }) };
  };
}

interface Answer {
  readonly encode: Encode;
  readonly sink: FrameSink;
  /** Once it is aborted others end the answer, and nothing may be written behind its end. */
  readonly signal: AbortSignal;
}

/** Yields the first message and writes the others. */
async function* pastPipeline<T extends Message>(
  messages: AsyncIterable<T>,
  { encode, sink, signal }: Answer,
): AsyncGenerator<T> {
  let isFirst = true;
  for await (const message of messages) {
    if (isFirst) {
      isFirst = false;
      yield message;
      continue;
    }
    // Waits only where there is something to wait for: each turn counts when a thousand streams take one.
    const made = encode(message);
    const frame = made instanceof Uint8Array ? made : await made;
    if (signal.aborted) throw abortError(signal);
    const written = sink(frame);
    if (written !== true && !(await written)) {
      throw new ConnectError('the client has gone', Code.Canceled);
    }
  }
}

function encoder(
  method: DescMethodStreaming,
  options: Pick<RpcOptions, 'jsonOptions' | 'limits'> & {
    readonly isJson: boolean;
    readonly encoding: string;
  },
): Encode {
  const { jsonOptions, limits, isJson, encoding } = options;
  const lookup = createMethodSerializationLookup(method, undefined, jsonOptions, limits);
  const serialization = lookup.getO(!isJson);
  const compression = COMPRESSIONS.find(({ name }) => name === encoding) ?? null;
  return (message) => {
    const data = serialization.serialize(message);
    if (compression === null || data.length < limits.compressMinBytes)
      return encodeEnvelope(0, data);
    const compressed = envelopeCompress({ flags: 0, data }, compression, limits.compressMinBytes);
    return compressed.then((envelope) => encodeEnvelope(envelope.flags, envelope.data));
  };
}

/** Keeps the frame as long as its message lives. */
function once(encode: Encode): Encode {
  const frames = new WeakMap<Message, Frame>();
  return (message) => {
    let frame = frames.get(message);
    if (!frame) {
      frame = encode(message);
      frames.set(message, frame);
    }
    return frame;
  };
}
