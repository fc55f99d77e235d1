import kafkajs from 'kafkajs';
import { CompressionCodec, compress, decompress } from './compression.js';
import { decodeFetchResponse } from './fetch-response.js';
import { takeWholeFrames } from './frame-reads.js';
import { type FetchArgs, type KafkajsSeams, loadKafkajsSeams } from './kafkajs-seams.js';
import { encodeProduceRequest } from './produce-request.js';
import { quietRequestQueue, restoreRequestQueue } from './quiet-queue.js';

export interface CodecOptions {
  /** False keeps kafkajs's own record codec, reads and queue: the way out when those here are suspected. */
  readonly fastCodec?: boolean;
  /** Told once why the fast codec is not in use. */
  readonly onFallback?: (reason: string) => void;
}

/**
 * Versions of the APIs that carry record batches of the current format and that kafkajs 2.2.4
 * speaks.
 */
const PRODUCE_VERSIONS = { first: 3, last: 7 } as const;
const FETCH_VERSIONS = { first: 4, last: 11 } as const;

interface Installation {
  readonly fast: boolean;
  uninstall(): void;
}

let installed: Installation | undefined;

/**
 * Gives kafkajs all compression codecs, each with a limit on what it inflates to, and, unless
 * switched off or kafkajs is another release, this room's record codec, reads by whole frames and quiet
 * queue of requests. For the whole process or thread, once, before clients are made; calling again changes nothing. Returns whether the fast
 * codec is in use.
 */
export function installCodecs(options: CodecOptions = {}): boolean {
  installed ??= install(options);
  return installed.fast;
}

/** True while produce requests take `EncodedBatch`es. */
export function isFastCodecInstalled(): boolean {
  return installed?.fast ?? false;
}

/**
 * Gives kafkajs its own record codec back; the compression codecs stay. For comparing the two in
 * one process.
 */
export function uninstallFastCodec(): void {
  installed?.uninstall();
  installed = undefined;
}

function install(options: CodecOptions): Installation {
  installCompression();
  const kept: Installation = { fast: false, uninstall: () => {} };
  const fallBack = (reason: string): Installation => {
    options.onFallback?.(reason);
    return kept;
  };
  if (options.fastCodec === false) {
    restoreRequestQueue();
    return fallBack('it is switched off');
  }
  const seams = loadKafkajsSeams();
  if ('unsupported' in seams) return fallBack(seams.unsupported);
  quietRequestQueue();
  const undo = [wrapProduce(seams), wrapFetch(seams), takeWholeFrames()];
  return {
    fast: true,
    uninstall: () => {
      for (const undoOne of undo) undoOne();
    },
  };
}

function installCompression(): void {
  for (const codec of Object.values(CompressionCodec)) {
    if (codec === CompressionCodec.NONE) continue;
    kafkajs.CompressionCodecs[codec] = () => ({
      compress: async (encoder: { buffer: Buffer }) => compress(codec, encoder.buffer),
      decompress: async (buffer: Buffer) => decompress(codec, buffer),
    });
  }
}

function wrapProduce({ produce }: KafkajsSeams): () => void {
  const { protocol } = produce;
  produce.protocol = ({ version }) => {
    const make = protocol({ version });
    if (!isWithin(version, PRODUCE_VERSIONS)) return make;
    return (args) => {
      const call = make(args);
      const encode = async () => encodeProduceRequest(args, Date.now());
      return { ...call, request: { ...call.request, encode } };
    };
  };
  return () => {
    produce.protocol = protocol;
  };
}

function wrapFetch({ fetch, decodeMessageSet }: KafkajsSeams): () => void {
  const { protocol } = fetch;
  fetch.protocol = ({ version }) => {
    const make = protocol({ version });
    if (!isWithin(version, FETCH_VERSIONS)) return make;
    return (args) => {
      const call = make(args);
      const context = { version, fetchOffsetOf: fetchOffsets(args), decodeMessageSet };
      const decode = (rawData: Buffer) => decodeFetchResponse(rawData, context);
      return { ...call, response: { ...call.response, decode } };
    };
  };
  return () => {
    fetch.protocol = protocol;
  };
}

function isWithin(version: number, range: { first: number; last: number }): boolean {
  return version >= range.first && version <= range.last;
}

function fetchOffsets({ topics }: FetchArgs): (topic: string, partition: number) => bigint {
  const offsets = new Map<string, bigint>();
  for (const { topic, partitions } of topics) {
    for (const { partition, fetchOffset } of partitions) {
      offsets.set(`${topic}|${partition}`, BigInt(fetchOffset));
    }
  }
  return (topic, partition) => offsets.get(`${topic}|${partition}`) ?? 0n;
}
