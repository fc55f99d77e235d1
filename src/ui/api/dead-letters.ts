import type { DeadLetter } from '../../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { deadLetters } from './clients.js';

/** A page of dead letters. */
export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** Token of the next page, empty after the last. */
  readonly next: string;
}

/** What a replay or a purge did, over as many calls as it took. */
export interface Done {
  readonly done: bigint;
  /** Of a replay: what could not be written back. */
  readonly left: bigint;
}

/** Kafka may be slow to answer, and a purge reads all that it deletes. */
const timeoutMs = 120_000;

/** Reads a page, oldest first. */
export async function readDeadLetters(
  parent: string,
  pageToken: string,
  signal: AbortSignal,
): Promise<DeadLetterPage> {
  const request = { parent, pageSize: 50, pageToken };
  const answer = await deadLetters.listDeadLetters(request, { signal, timeoutMs });
  return { letters: answer.deadLetters, next: answer.nextPageToken };
}

/** The newest dead letters among the first that were read. */
export interface NewestLetters {
  /** Newest first. */
  readonly letters: readonly DeadLetter[];
  /** Whether more come behind those that were read, so that these need not be the newest of all. */
  readonly hasMore: boolean;
}

/** The newest of the first thousand: the list has no other order than from the oldest on. */
export async function newestDeadLetters(
  parent: string,
  most: number,
  signal: AbortSignal,
): Promise<NewestLetters> {
  let letters: readonly DeadLetter[] = [];
  let token = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const request = { parent, pageSize: 100, pageToken: token };
    const answer = await deadLetters.listDeadLetters(request, { signal, timeoutMs });
    letters = [...letters, ...answer.deadLetters].sort(byTime).slice(-most);
    token = answer.nextPageToken;
    if (token === '') break;
  }
  return { letters: letters.toReversed(), hasMore: token !== '' };
}

const pagesMax = 10;

function byTime(a: DeadLetter, b: DeadLetter): number {
  return Number((a.time?.seconds ?? 0n) - (b.time?.seconds ?? 0n)) || Number(a.offset - b.offset);
}

/** Writes these, or all that were not yet, back to the source. */
export async function replay(parent: string, names: readonly string[] | 'all'): Promise<Done> {
  const which = names === 'all' ? { all: true } : { names: [...names] };
  let done = 0n;
  let left = 0n;
  for (let more = true; more; ) {
    const answer = await deadLetters.replayDeadLetters({ parent, ...which }, { timeoutMs });
    done += answer.replayedCount;
    left = answer.unreplayableCount;
    more = answer.more;
  }
  return { done, left };
}

/** Deletes all that are there for good. */
export async function purge(parent: string): Promise<Done> {
  let done = 0n;
  for (let more = true; more; ) {
    const answer = await deadLetters.purgeDeadLetters({ parent, all: true }, { timeoutMs });
    done += answer.purgedCount;
    more = answer.more;
  }
  return { done, left: 0n };
}
