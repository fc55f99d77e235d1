import { acceptsGzip, mediaType } from '../../accept.js';
import { gzipFast } from '../../gzip.js';
import type { HeaderFields } from './header-fields.js';
import { cutResponse, type NodeRequest, type NodeResponse, writable } from './node.js';

/** A request, its response, and what every answer to it has to know. */
export interface Exchange {
  readonly req: NodeRequest;
  readonly res: NodeResponse;
  /** The request's headers. */
  readonly header: Headers;
  /** Headers that go with every answer, such as those of cross-origin sharing. */
  readonly shared: Readonly<Record<string, string>>;
}

/** The head of an answer. Of the header sets, a later one overrides an earlier one. */
export interface ReplyHead {
  readonly status: number;
  readonly headers: readonly (HeaderFields | undefined)[];
}

/** How much of a refused body is still read, see RestLimits. */
export interface DiscardLimits {
  readonly discardBytesMax: number;
  readonly discardMs: number;
}

/**
 * Writes a whole answer: compressed if that is welcome and pays, and without its body for HEAD. Only compressing takes a
 * promise.
 */
export function sendWhole(
  exchange: Exchange,
  head: ReplyHead & { readonly body: string | Uint8Array },
  compressBytesMin: number,
): void | Promise<void> {
  const { status, body } = head;
  const fields = headerFields(exchange, head);
  const length = Buffer.byteLength(body);
  if (length >= compressBytesMin && isCompressible(fields)) {
    addVary(fields, 'accept-encoding');
    const { req, header } = exchange;
    if (acceptsGzip(header.get('accept-encoding')) && req.method !== 'HEAD') {
      return gzipFast(body).then((zipped) => {
        fields['content-encoding'] = 'gzip';
        write(exchange, { status, fields, body: zipped, length: zipped.byteLength });
      });
    }
  }
  write(exchange, { status, fields, body, length });
}

interface Whole {
  readonly status: number;
  readonly fields: Fields;
  readonly body: string | Uint8Array;
  /** Of the body, in bytes. */
  readonly length: number;
}

function write({ req, res }: Exchange, { status, fields, body, length }: Whole): void {
  const isBodiless = status === 204 || status === 304;
  if (!isBodiless) {
    fields['content-length'] = String(length);
  }
  res.writeHead(status, fields);
  res.end(isBodiless || req.method === 'HEAD' ? '' : writable(res, body));
}

/** Writes the head of a streamed answer, which nothing on the way may keep or gather. */
export function sendStreamHead(exchange: Exchange, head: ReplyHead): void {
  const fields = headerFields(exchange, head);
  fields['cache-control'] ??= 'no-cache';
  fields['x-accel-buffering'] = 'no';
  exchange.res.writeHead(head.status, fields);
}

/**
 * Writes a piece of a streamed answer; resolves once the reader has made room for the next, or is gone: one that takes
 * nothing for `stalledMs` is cut off.
 */
export function writePiece(
  res: NodeResponse,
  piece: string | Uint8Array,
  stalledMs: number,
): Promise<void> {
  if (piece.length === 0 || res.write(writable(res, piece))) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    // A reader that goes away never drains: its close has to settle this as well.
    const timer = setTimeout(() => cutResponse(res), stalledMs);
    const onRoom = () => {
      clearTimeout(timer);
      res.off('drain', onRoom);
      res.off('close', onRoom);
      resolve();
    };
    res.on('drain', onRoom);
    res.on('close', onRoom);
  });
}

/**
 * Reads on what is left of a body nobody wants, up to a limit, so that a caller who is still
 * sending gets to read the answer; then cuts the connection or the stream.
 */
export function discardBody(req: NodeRequest, limits: DiscardLimits): void {
  if (req.readableEnded || req.destroyed) {
    return;
  }
  let bytes = 0;
  const stop = () => {
    clearTimeout(timer);
    req.off('data', onData).off('end', stop).off('close', stop);
  };
  const cut = () => {
    stop();
    req.destroy();
  };
  const onData = (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
    if (bytes > limits.discardBytesMax) {
      cut();
    }
  };
  const timer = setTimeout(cut, limits.discardMs);
  req.on('data', onData).on('end', stop).on('close', stop).resume();
}

type Fields = Record<string, string | string[]> & { vary?: string };

/** Set by the engine or by Node; from anyone else they would break the framing. */
const framingHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const compressible =
  /^(?:text\/|application\/(?:[a-z0-9.-]+\+)?(?:json|xml|n-triples|n-quads|trig|javascript|x-ndjson)$)/;

function headerFields(exchange: Exchange, head: ReplyHead): Fields {
  // Answers carry callers' data; no browser may guess a more active type for it.
  const fields: Fields = { 'x-content-type-options': 'nosniff' };
  for (const init of head.headers) {
    if (init instanceof Headers) {
      setFields(fields, init);
    } else {
      for (const name in init) {
        setField(fields, name.toLowerCase(), init[name] ?? '');
      }
    }
  }
  for (const name in exchange.shared) {
    const value = exchange.shared[name] ?? '';
    if (name === 'vary') {
      addVary(fields, value);
    } else {
      fields[name] = value;
    }
  }
  return fields;
}

function setFields(fields: Fields, headers: Headers): void {
  for (const [name, value] of headers) {
    if (name !== 'set-cookie') {
      setField(fields, name, value);
    }
  }
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) {
    fields['set-cookie'] = cookies;
  }
}

function setField(fields: Fields, name: string, value: string): void {
  if (!framingHeaders.has(name)) {
    fields[name] = value;
  }
}

function addVary(fields: Fields, name: string): void {
  fields.vary = fields.vary === undefined ? name : `${fields.vary}, ${name}`;
}

function isCompressible(fields: Fields): boolean {
  const type = fields['content-type'];
  return (
    typeof type === 'string' &&
    fields['content-encoding'] === undefined &&
    compressible.test(mediaType(type))
  );
}
