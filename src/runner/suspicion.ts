import type { CondemnedRecord, OffsetRange, Suspects } from '../domain/suspects.js';
import { offsetOf, type SourceRecord } from '../kafka/source-record.js';

/** The next records to be scored at once, or one that is not to be scored. */
export interface Portion {
  readonly to: number;
  readonly condemned?: CondemnedRecord;
}

/** Cuts a micro-batch so that suspects are scored alone, and condemned records not at all. */
export class Suspicion {
  readonly #ranges: readonly OffsetRange[];
  readonly #condemned: ReadonlyMap<number, CondemnedRecord>;

  private constructor(suspects: Suspects, partition: number) {
    const condemned = suspects.condemned.filter((it) => it.partition === partition);
    this.#condemned = new Map(condemned.map((it) => [it.offset, it]));
    const alone = condemned.map(({ offset }) => ({ partition, from: offset, to: offset }));
    this.#ranges = [...suspects.ranges.filter((it) => it.partition === partition), ...alone];
  }

  /** Undefined if there is nothing to be careful with. */
  static of(suspects: Suspects | undefined, partition: number): Suspicion | undefined {
    if (!suspects) return undefined;
    const own = new Suspicion(suspects, partition);
    return own.#ranges.length === 0 ? undefined : own;
  }

  /** From an index on, at most `max` records. */
  next(records: readonly SourceRecord[], from: number, max: number): Portion {
    for (let index = from; index < Math.min(records.length, from + max); index++) {
      const offset = offsetOf(records[index] as SourceRecord);
      if (!this.#ranges.some((range) => range.from <= offset && offset <= range.to)) continue;
      if (index > from) return { to: index };
      const condemned = this.#condemned.get(offset);
      return { to: from + 1, ...(condemned ? { condemned } : {}) };
    }
    return { to: Math.min(records.length, from + max) };
  }
}
