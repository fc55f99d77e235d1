/** Every bound the engine keeps. Each can be replaced one by one; none can be switched off. */
export interface RestLimits {
  /** Longest request target (path and query) in bytes; longer ones are answered 414. */
  readonly targetBytesMax: number;
  /** Most `name=value` pairs in one query; more are answered 400. */
  readonly queryParametersMax: number;
  /** Largest buffered body in bytes, both as sent and after inflation; larger ones get 413. */
  readonly bodyBytesMax: number;
  /** Largest streamed upload (`google.api.HttpBody`) in bytes after inflation. */
  readonly uploadBytesMax: number;
  /** Deepest nesting of objects and arrays in a JSON body; deeper ones are answered 400. */
  readonly jsonDepthMax: number;
  /** Longest deadline of a call; a longer one is cut to this. */
  readonly timeoutMsMax: number;
  /** Bodies of at least this many bytes are compressed if the caller accepts it. */
  readonly compressBytesMin: number;
  /** Silence after which an event stream gets a comment, so that proxies keep it open. */
  readonly heartbeatMs: number;
  /** How long a reader of a stream may take nothing before it is cut off. */
  readonly stalledMs: number;
  /** What is still read of a refused body, so that the caller gets to see the answer. */
  readonly discardBytesMax: number;
  /** How long a refused body is still read before its connection is cut. */
  readonly discardMs: number;
}

const kib = 1024;
const mib = 1024 * kib;

/** The limits that hold unless a server sets its own. */
export const defaultLimits: RestLimits = {
  // Resource names and filters fit; a target beyond this is an attack or a body gone astray.
  targetBytesMax: 8 * kib,
  queryParametersMax: 256,
  // A control message with its model settings stays below 64 KiB; uploads are streamed instead.
  bodyBytesMax: mib,
  uploadBytesMax: 512 * mib,
  // The recursion limit of protobuf is 100; no documented message nests beyond 10.
  jsonDepthMax: 32,
  // setTimeout counts in 31 bits, and an hour is the longest a stream may be asked to live.
  timeoutMsMax: 3_600_000,
  // What TCP sends at once, ten packets: less would arrive no sooner, and gzip takes a trip to the thread pool.
  compressBytesMin: 14 * kib,
  // Common proxies close a silent connection after 30 to 60 seconds.
  heartbeatMs: 15_000,
  // A reader that takes nothing for this long is gone in all but name.
  stalledMs: 300_000,
  discardBytesMax: 4 * mib,
  discardMs: 2_000,
};
