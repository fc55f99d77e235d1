import type { RecordSource } from '../kafka/record-source.js';
import { type BadRecord, badRecord } from '../predict/bad-record.js';

/** What a topic takes besides the size of its batches. A broker refuses a whole batch for one record that is out of it. */
export interface TopicLimits {
  /** Milliseconds that a record's own time may be behind the broker's clock, and ahead of it. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** A compacted topic takes no record without a key. */
  readonly needsKey: boolean;
}

/** Of a topic that takes everything, or is not known. */
export const noLimits: TopicLimits = {
  beforeMs: Number.POSITIVE_INFINITY,
  afterMs: Number.POSITIVE_INFINITY,
  needsKey: false,
};

/** A broker's limit on times ahead of it where nobody chose one, since Kafka 4.0. */
const AFTER_MS_DEFAULT = 3_600_000;
/** Clocks of brokers are that close. */
const CLOCK_STEP_MS = 60_000;
/** The time of a record that has none; brokers take it. */
const NO_TIME = -1;

/** Settings of a topic that its limits are read from. The last is of releases before 4.0. */
export const limitSettings = [
  'cleanup.policy',
  'message.timestamp.type',
  'message.timestamp.before.max.ms',
  'message.timestamp.after.max.ms',
  'message.timestamp.difference.max.ms',
] as const;

/** Reads the limits of a topic from its settings, of which any may be missing. */
export function limitsOf(settings: ReadonlyMap<string, string>): TopicLimits {
  const isByBroker = settings.get('message.timestamp.type') === 'LogAppendTime';
  const most = (...names: (typeof limitSettings)[number][]) =>
    isByBroker ? noLimits.afterMs : Math.min(...names.map((name) => millis(settings.get(name))));
  return {
    beforeMs: most('message.timestamp.before.max.ms', 'message.timestamp.difference.max.ms'),
    afterMs: most('message.timestamp.after.max.ms', 'message.timestamp.difference.max.ms'),
    needsKey: (settings.get('cleanup.policy') ?? '').split(',').includes('compact'),
  };
}

/** A broker refused a time that was within the limits: its clock differs, or nobody knew them. Undefined if nothing is left. */
export function withStricterTimes(limits: TopicLimits): TopicLimits | undefined {
  const { beforeMs, afterMs } = limits;
  if (Math.min(beforeMs, afterMs) <= CLOCK_STEP_MS) return undefined;
  if (beforeMs === afterMs && !Number.isFinite(afterMs)) {
    return { ...limits, afterMs: AFTER_MS_DEFAULT };
  }
  return { ...limits, beforeMs: beforeMs - CLOCK_STEP_MS, afterMs: afterMs - CLOCK_STEP_MS };
}

/** What a topic takes at one moment. */
export class TopicGate {
  readonly #topic: string;
  readonly #needsKey: boolean;
  readonly #earliest: number;
  readonly #latest: number;

  constructor(topic: string, { beforeMs, afterMs, needsKey }: TopicLimits, now: number) {
    this.#topic = topic;
    this.#needsKey = needsKey;
    this.#earliest = now - beforeMs;
    this.#latest = now + afterMs;
  }

  takesTime(timestampMs: number): boolean {
    const isWithin = timestampMs <= this.#latest && timestampMs >= this.#earliest;
    return isWithin || timestampMs === NO_TIME;
  }

  /** Why it does not take a record; undefined if it does. */
  refuses({ keyLength, timestampMs }: Pick<RecordSource, 'keyLength' | 'timestampMs'>) {
    if (this.#needsKey && keyLength < 0) return this.#withoutKey();
    return this.takesTime(timestampMs) ? undefined : this.#outOfTime(timestampMs);
  }

  #withoutKey(): BadRecord {
    const message = `The record has no key, which the compacted topic ${this.#topic} needs.`;
    return badRecord('KEY_MISSING', message);
  }

  #outOfTime(timestampMs: number): BadRecord {
    const isAhead = timestampMs > this.#latest;
    const setting = `message.timestamp.${isAhead ? 'after' : 'before'}.max.ms`;
    const message =
      `The record's time ${timestampMs} ms is too far ${isAhead ? 'ahead' : 'back'} ` +
      `for the topic ${this.#topic} (${setting}).`;
    return badRecord('TIME_REFUSED', message);
  }
}

/** Infinite if it is not set, or as good as. */
function millis(value: string | undefined): number {
  const number = Number(value ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : Number.POSITIVE_INFINITY;
}
