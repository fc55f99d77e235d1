/** What a Kafka client setting takes. */
export type KafkaOption =
  | { readonly type: 'integer'; readonly least: number; readonly most: number }
  | { readonly type: 'text'; readonly charsMax: number };

const mebibyte = 1024 * 1024;

/**
 * The Kafka client settings that a task may choose, by their Java names. Everything else is refused: many settings of
 * a Kafka client name files, classes or hosts.
 */
export const kafkaOptions = {
  'client.id': { type: 'text', charsMax: 128 },
  /** Brokers refuse less than 6 s and more than 30 min by default. */
  'session.timeout.ms': { type: 'integer', least: 6_000, most: 1_800_000 },
  'heartbeat.interval.ms': { type: 'integer', least: 100, most: 600_000 },
  'request.timeout.ms': { type: 'integer', least: 1_000, most: 600_000 },
  'fetch.min.bytes': { type: 'integer', least: 1, most: 16 * mebibyte },
  'fetch.max.bytes': { type: 'integer', least: 1_024, most: 256 * mebibyte },
  'fetch.max.wait.ms': { type: 'integer', least: 0, most: 60_000 },
  'max.partition.fetch.bytes': { type: 'integer', least: 1_024, most: 64 * mebibyte },
  'retry.backoff.ms': { type: 'integer', least: 10, most: 60_000 },
} as const satisfies Readonly<Record<string, KafkaOption>>;

export type KafkaOptionName = keyof typeof kafkaOptions;

/** Whether a task may choose this setting. */
export function isKafkaOption(name: string): name is KafkaOptionName {
  return Object.hasOwn(kafkaOptions, name);
}

/** What is wrong with a value, in a sentence, or undefined. */
export function kafkaOptionFault(name: KafkaOptionName, value: string): string | undefined {
  const option: KafkaOption = kafkaOptions[name];
  if (option.type === 'text') {
    if (value.length > 0 && value.length <= option.charsMax && /^[\w.-]+$/.test(value)) {
      return undefined;
    }
    return `Use 1 to ${option.charsMax} of a-z A-Z 0-9 . _ -.`;
  }
  const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= option.least && number <= option.most) return undefined;
  return `Use a whole number from ${option.least} to ${option.most}.`;
}
