import type { TaskSpec } from './task.js';

/** A place in a dead-letter topic. */
export interface DeadLetterPlace {
  readonly partition: number;
  readonly offset: number;
}

/** A record that could not be scored, with why and where it came from. */
export interface DeadLetter extends DeadLetterPlace {
  /** Time of the record, milliseconds since 1970. */
  readonly at: number;
  readonly key: Uint8Array | null;
  /** As it came, cut after `limits.deadLetterValueBytesMax`. */
  readonly value: Uint8Array | null;
  /** Size of the whole value as it came. */
  readonly valueBytes: number;
  readonly headers: readonly RecordHeader[];
  /** One UPPER_SNAKE word; empty if the record is no dead letter. */
  readonly reason: string;
  readonly message: string;
  /** Absent if the record is no dead letter. */
  readonly source?: { readonly topic: string; readonly partition: number; readonly offset: number };
  readonly isReplayed: boolean;
}

export interface RecordHeader {
  readonly name: string;
  readonly value: Uint8Array | null;
}

/** Whose dead letters, and where they are: brokers are filled in. */
export interface DeadLetterSource {
  readonly taskUid: string;
  readonly spec: TaskSpec;
  readonly signal?: AbortSignal;
}

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** The first one of the next page. */
  readonly next?: DeadLetterPlace;
}

export interface Replayed {
  readonly replayed: number;
  readonly alreadyReplayed: number;
  readonly unreplayable: number;
  readonly more: boolean;
}

export interface Purged {
  readonly purged: number;
  readonly more: boolean;
}

/** The dead-letter topics of tasks. KAFKA_UNREACHABLE, KAFKA_REFUSED or EGRESS_DENIED if one cannot be reached. */
export interface DeadLetters {
  /** By partition and offset, from a place on; empty if there is no such topic. */
  list(source: DeadLetterSource, from: DeadLetterPlace, limit: number): Promise<DeadLetterPage>;
  get(source: DeadLetterSource, place: DeadLetterPlace): Promise<DeadLetter | undefined>;
  /** Writes them, or all, back to the source topic, none of them twice. */
  replay(source: DeadLetterSource, places: readonly DeadLetterPlace[] | 'all'): Promise<Replayed>;
  /** Deletes, in each partition, those before the first that is not older; without a time all. NOT_DEAD_LETTERS. */
  purge(source: DeadLetterSource, before: number | undefined): Promise<Purged>;
}
