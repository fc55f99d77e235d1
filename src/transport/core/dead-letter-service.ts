import { fromJson, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampMs, ValueSchema } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type {
  DeadLetterSchema,
  DeadLetterService,
} from '../../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { float32Numbers } from '../../domain/float32.js';
import { limits } from '../../domain/limits.js';
import type { Service } from '../../service/create-service.js';
import type { DeadLetterView } from '../../service/dead-letters.js';
import { callerOf } from '../caller.js';
import { timestamp } from './values.js';

/** DeadLetterService over the use cases. */
export function deadLetterService(service: Service): ServiceImpl<typeof DeadLetterService> {
  return {
    async listDeadLetters({ parent, pageSize, pageToken }, context) {
      const request = { parent, pageSize, pageToken, signal: context.signal };
      const page = await service.listDeadLetters(callerOf(context), request);
      return {
        deadLetters: page.deadLetters.map(deadLetterToMessage),
        nextPageToken: page.nextPageToken,
      };
    },
    async getDeadLetter({ name }, context) {
      const request = { name, signal: context.signal };
      return deadLetterToMessage(await service.getDeadLetter(callerOf(context), request));
    },
    async replayDeadLetters({ parent, names, all }, context) {
      const request = { parent, names, all, signal: context.signal };
      const done = await service.replayDeadLetters(callerOf(context), request);
      return {
        replayedCount: BigInt(done.replayed),
        alreadyReplayedCount: BigInt(done.alreadyReplayed),
        unreplayableCount: BigInt(done.unreplayable),
        more: done.more,
      };
    },
    async purgeDeadLetters({ parent, before, all }, context) {
      const time = before && timestampMs(before);
      const request = { parent, before: time, all, signal: context.signal };
      const { purged, more } = await service.purgeDeadLetters(callerOf(context), request);
      return { purgedCount: BigInt(purged), more };
    },
  };
}

function deadLetterToMessage(letter: DeadLetterView): MessageInitShape<typeof DeadLetterSchema> {
  const { key, value, headers, source } = letter;
  const json = value === null ? undefined : decoded(value, letter);
  return {
    name: letter.name,
    partition: letter.partition,
    offset: BigInt(letter.offset),
    time: timestamp(letter.at),
    ...(key === null ? {} : { key: new Uint8Array(key) }),
    ...(value === null ? {} : { value: new Uint8Array(value) }),
    valueSizeBytes: BigInt(letter.valueBytes),
    ...(json === undefined ? {} : { json: fromJson(ValueSchema, json) }),
    headers: headers.map((header) => ({
      name: header.name,
      ...(header.value === null ? {} : { value: new Uint8Array(header.value) }),
    })),
    reason: letter.reason,
    message: letter.message,
    sourceTopic: source?.topic ?? '',
    sourcePartition: source?.partition ?? 0,
    sourceOffset: BigInt(source?.offset ?? 0),
    replayed: letter.isReplayed,
  };
}

/** Each level of a value is three of its message, and common readers of messages go a hundred deep. */
const depthMax = 30;

function decoded(
  value: Uint8Array,
  { valueBytes, format }: Pick<DeadLetterView, 'valueBytes' | 'format'>,
): JsonValue | undefined {
  if (value.length < valueBytes || value.length > limits.deadLetterJsonBytesMax) return undefined;
  const json = parsed(value);
  // What was meant as JSON is shown as such, also where numbers were expected.
  if (format !== 'FLOAT32' || typeof json === 'object') return json;
  return float32Numbers(value) ?? json;
}

function parsed(value: Uint8Array): JsonValue | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(value);
    const json: JsonValue = JSON.parse(text);
    return isShallow(json, depthMax) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isShallow(json: JsonValue, depth: number): boolean {
  if (typeof json !== 'object' || json === null) return true;
  return depth > 0 && Object.values(json).every((each) => isShallow(each, depth - 1));
}
