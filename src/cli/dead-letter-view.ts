import {
  type DeadLetter,
  DeadLetterSchema,
} from '../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import type { View } from './output.js';
import { lastPart } from './resource-name.js';
import { instant, instantAndAge } from './wording.js';

/** How people see a dead letter. */
export const deadLetterView: View<typeof DeadLetterSchema> = {
  schema: DeadLetterSchema,
  name: ({ name }) => name,
  columns: () => [
    { title: 'PLACE', text: ({ name }) => lastPart(name) },
    { title: 'TIME', text: ({ time }) => instant(time) },
    { title: 'SOURCE', text: sourceOf },
    { title: 'KEY', text: ({ key }) => textOf(key, KEY_CHARS) },
    { title: 'REPLAYED', text: ({ replayed }) => (replayed ? 'yes' : '') },
    { title: 'REASON', text: ({ reason }) => reason },
    { title: 'MESSAGE', text: ({ message }) => message },
  ],
  pairs: (it, now) => [
    ['Name', it.name],
    ['Time', instantAndAge(it.time, now)],
    ['Source', sourceOf(it)],
    ['Reason', it.reason],
    ['Message', it.message],
    ['Replayed', it.replayed ? 'yes' : 'no'],
    ['Key', textOf(it.key, VALUE_CHARS)],
    ['Size', `${it.valueSizeBytes} bytes`],
    [
      'Headers',
      it.headers.map(({ name, value }) => `${name}=${textOf(value, KEY_CHARS)}`).join(', '),
    ],
    ['Value', it.value === undefined ? 'null' : textOf(it.value, VALUE_CHARS)],
  ],
};

/** Enough to know it again. */
const KEY_CHARS = 40;
const VALUE_CHARS = 4_000;

function sourceOf({ sourceTopic, sourcePartition, sourceOffset }: DeadLetter): string {
  return sourceTopic === '' ? '' : `${sourceTopic}/${sourcePartition}/${sourceOffset}`;
}

function textOf(bytes: Uint8Array | undefined, chars: number): string {
  const text = Buffer.from(bytes ?? []).toString();
  return text.length > chars ? `${text.slice(0, chars)}…` : text;
}
