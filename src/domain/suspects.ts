/** Offsets of one partition of the source, both included. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** A place in the source. */
export interface Position {
  readonly partition: number;
  readonly offset: number;
}

/** A record that broke its runner while it was scored alone. */
export interface CondemnedRecord extends Position {
  /** One UPPER_SNAKE word. */
  readonly reason: 'MODEL_HUNG' | 'MODEL_CRASHED';
  readonly message: string;
}

/** What an execution has to be careful with: the smallest note that outlives its runners. */
export interface Suspects {
  /** Runners broke while they scored these; they are scored record by record. */
  readonly ranges: readonly OffsetRange[];
  /** They are bad records, and not scored any more. */
  readonly condemned: readonly CondemnedRecord[];
}

const none: Suspects = { ranges: [], condemned: [] };

/** Records that no runner has to be told of any more are left out. */
export function stillAhead(
  suspects: Suspects = none,
  { partitions }: { readonly partitions: readonly Position[] },
): Suspects {
  const offsets = new Map(partitions.map(({ partition, offset }) => [partition, offset]));
  const isAhead = (partition: number, last: number) => last >= (offsets.get(partition) ?? 0);
  return {
    ranges: suspects.ranges.filter(({ partition, to }) => isAhead(partition, to)),
    condemned: suspects.condemned.filter(({ partition, offset }) => isAhead(partition, offset)),
  };
}

/**
 * A runner broke while it scored these ranges. The first time they become suspects; a record of a suspect that was scored alone is
 * what broke it.
 */
export function suspectAfter(
  known: Suspects,
  ranges: readonly OffsetRange[],
  why: Pick<CondemnedRecord, 'reason'> & { readonly how: string },
): { readonly suspects: Suspects; readonly condemned: readonly CondemnedRecord[] } {
  const isGuilty = ({ partition, from, to }: OffsetRange) =>
    from === to &&
    known.ranges.some((it) => it.partition === partition && it.from <= from && to <= it.to);
  const guilty = ranges.filter(isGuilty);
  // Of several threads' records any may be the one; none is lost, and dead letters can be replayed.
  const condemned = guilty.map(({ partition, from }) => ({
    partition,
    offset: from,
    reason: why.reason,
    message: `${why.how}, twice, also when it was scored alone.`,
  }));
  const fresh = ranges.filter((range) => !isGuilty(range));
  const overlaps = (a: OffsetRange, b: OffsetRange) =>
    a.partition === b.partition && a.from <= b.to && b.from <= a.to;
  const kept = known.ranges.filter((range) => !fresh.some((it) => overlaps(it, range)));
  return {
    suspects: { ranges: [...kept, ...fresh], condemned: [...known.condemned, ...condemned] },
    condemned,
  };
}
