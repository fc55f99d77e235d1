import { createRequire } from 'node:module';

/**
 * The kafkajs release whose sources the seams below were read from; any other keeps its own codec.
 */
export const SUPPORTED_KAFKAJS_VERSION = '2.2.4';

/** What a request looks like to kafkajs's connection. */
export interface ProtocolCall {
  request: { encode: () => Promise<unknown> };
  response: {
    decode: (rawData: Buffer) => Promise<unknown>;
    parse: (data: unknown) => Promise<unknown>;
  };
}

/** One API of the protocol: given the version agreed with a broker, what makes its calls. */
export interface ProtocolApi<Args> {
  protocol: (options: { version: number }) => (args: Args) => ProtocolCall;
}

/**
 * A partition's part of a produce request, as kafkajs's producer hands it to the protocol layer.
 */
export interface ProducePartition {
  readonly partition: number;
  readonly firstSequence: number;
  readonly messages: unknown;
}

export interface ProduceArgs {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null | undefined;
  readonly producerId?: unknown;
  readonly producerEpoch?: number | undefined;
  readonly compression?: number | undefined;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly ProducePartition[];
  }[];
}

export interface FetchArgs {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

/**
 * The three modules of kafkajs that this room reaches into; each is an object that kafkajs itself
 * looks into at each call.
 */
export interface KafkajsSeams {
  readonly produce: ProtocolApi<ProduceArgs>;
  readonly fetch: ProtocolApi<FetchArgs>;
  readonly decodeMessageSet: (sized: Buffer) => Promise<unknown>;
}

/**
 * Loads the modules of kafkajs to be changed, or says why they cannot be: another release, or one
 * whose files moved. Nothing is changed here.
 */
export function loadKafkajsSeams(): KafkajsSeams | { readonly unsupported: string } {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require('kafkajs/package.json');
    if (version !== SUPPORTED_KAFKAJS_VERSION) {
      return { unsupported: `kafkajs is ${version}, not ${SUPPORTED_KAFKAJS_VERSION}` };
    }
    const Decoder = require('kafkajs/src/protocol/decoder');
    const decode = require('kafkajs/src/protocol/messageSet/decoder');
    return {
      produce: protocolApi(require('kafkajs/src/protocol/requests/produce')),
      fetch: protocolApi(require('kafkajs/src/protocol/requests/fetch')),
      decodeMessageSet: (sized) => decode(new Decoder(sized)),
    };
  } catch (error) {
    return { unsupported: `its modules cannot be loaded: ${String(error)}` };
  }
}

function protocolApi<Args>(module: ProtocolApi<Args>): ProtocolApi<Args> {
  if (typeof module.protocol !== 'function') throw new TypeError('an API without protocol()');
  return module;
}
