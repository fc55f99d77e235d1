/** Every bound of the server. Units are in the names; the reason of each value is in `DEFAULT_LIMITS`. */
export interface Limits {
  readonly readMaxBytes: number;
  readonly writeMaxBytes: number;
  readonly compressMinBytes: number;
  readonly maxTimeoutMs: number;
  readonly urlMaxBytes: number;
  readonly headerMaxBytes: number;
  readonly headerMaxCount: number;
  readonly maxConnections: number;
  readonly firstByteMs: number;
  readonly headersMs: number;
  readonly requestMs: number;
  readonly checkEveryMs: number;
  readonly keepAliveMs: number;
  readonly stalledWriteMs: number;
  readonly leftoverMaxBytes: number;
  readonly leftoverMs: number;
  readonly streamsPerConnection: number;
  readonly streamWindowBytes: number;
  readonly connectionWindowBytes: number;
  readonly sessionMemoryMb: number;
  readonly sessionBadFrames: number;
  readonly sessionRejectedStreams: number;
  readonly pingEveryMs: number;
  readonly idleSessionMs: number;
  readonly readinessMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The limits of a server that was not told otherwise. */
export const DEFAULT_LIMITS: Limits = {
  /** One message in, after decompression: what gRPC clients expect of a server. */
  readMaxBytes: 4 * MIB,
  /** One message out: four times the input, so that a full page of tasks fits and a runaway list does not. */
  writeMaxBytes: 16 * MIB,
  /**
   * What TCP sends at once, ten packets: less would arrive no sooner. Compressing takes a trip to the thread pool, which
   * on a busy machine waits for a processor twice.
   */
  compressMinBytes: 14 * KIB,
  /** The longest deadline that is honoured; a longer one is cut to this, so that a timer can hold it. */
  maxTimeoutMs: 60 * MINUTE,
  /** RFC 9110 asks for at least 8,000 octets. */
  urlMaxBytes: 8 * KIB,
  /** All header fields of a request; the value Node uses for HTTP/1, advertised for HTTP/2 as well. */
  headerMaxBytes: 16 * KIB,
  /** Real clients send about twenty fields; each costs an allocation. */
  headerMaxCount: 100,
  /** Half the file descriptors of a common `ulimit -n 2048`, the other half being for Kafka and files. */
  maxConnections: 1024,
  /** From connect until the protocol is known: a connection that says nothing is not worth a slot. */
  firstByteMs: 10 * SECOND,
  /** A header trickling in for longer is an attack; an honest one fits in one round trip. */
  headersMs: 10 * SECOND,
  /** A whole HTTP/1 request, a pause of one over HTTP/2: a model of 512 MiB at 14 Mbit/s still arrives. */
  requestMs: 5 * MINUTE,
  /** How late the two bounds above may be noticed. */
  checkEveryMs: 5 * SECOND,
  /** Idle HTTP/1 connections: above the 60 s of usual load balancers, so that it is they who close first. */
  keepAliveMs: 65 * SECOND,
  /** A reader that takes nothing for this long is gone in all but name. */
  stalledWriteMs: 5 * MINUTE,
  /** Upload still read and thrown away after an early answer, so that the client gets to read the answer. */
  leftoverMaxBytes: 16 * MIB,
  /** The same in time: a client that is slower than this loses the answer. */
  leftoverMs: 5 * SECOND,
  /** Open calls of one connection; clients open a second connection when they need more. */
  streamsPerConnection: 100,
  /** Unread upload of one call: a quarter of the message limit is in flight at most every round trip. */
  streamWindowBytes: 256 * KIB,
  /** Unread upload of a whole connection: four busy streams. */
  connectionWindowBytes: MIB,
  /** Megabytes Node lets one session hold: all stream windows (25 MiB) and the header tables. */
  sessionMemoryMb: 32,
  /** Invalid frames before the session is dropped: an honest client sends none. */
  sessionBadFrames: 100,
  /** Streams over the limit that are tolerated before the session is dropped: one full volley. */
  sessionRejectedStreams: 100,
  /** A dead watcher is noticed after two of these. */
  pingEveryMs: 30 * SECOND,
  /** A session without calls is told to go away after this. */
  idleSessionMs: 5 * MINUTE,
  /** Probes are polled every few seconds; a check that is slower counts as failed. */
  readinessMs: 2 * SECOND,
};
