import type { CommittedOffset } from './committed-offsets.js';

/** Kafka takes 4096 bytes with an offset by default. */
const charsMax = 4_000;

/**
 * Which dead letters of a partition were replayed: all before an offset, and single ones behind it. It is the offset of a
 * consumer group with a text: distances between the single ones, in base 36.
 */
export class ReplayMarks {
  readonly upTo: number;
  readonly #single: ReadonlySet<number>;

  private constructor(upTo: number, single: ReadonlySet<number>) {
    this.upTo = upTo;
    this.#single = single;
  }

  static from(committed: CommittedOffset | undefined, first: number): ReplayMarks {
    const upTo = committed?.offset ?? first;
    const single = new Set<number>();
    let last = upTo;
    for (const step of (committed?.metadata ?? '').split(',').filter(Boolean)) {
      last += Number.parseInt(step, 36);
      single.add(last);
    }
    return new ReplayMarks(upTo, single);
  }

  has(offset: number): boolean {
    return offset < this.upTo || this.#single.has(offset);
  }

  /** With everything before this offset. */
  through(upTo: number): ReplayMarks {
    return new ReplayMarks(upTo, new Set([...this.#single].filter((offset) => offset >= upTo)));
  }

  with(offsets: readonly number[]): ReplayMarks {
    return new ReplayMarks(this.upTo, new Set([...this.#single, ...offsets]));
  }

  /** Undefined if there are more single ones than Kafka keeps. */
  get text(): string | undefined {
    let last = this.upTo;
    const steps = [...this.#single]
      .sort((a, b) => a - b)
      .map((offset) => {
        const step = (offset - last).toString(36);
        last = offset;
        return step;
      });
    const text = steps.join();
    return text.length <= charsMax ? text : undefined;
  }
}
