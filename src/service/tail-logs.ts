import { invalidField } from '../domain/errors.js';
import type { Event } from '../domain/event.js';
import type { Execution } from '../domain/execution.js';
import type { FollowedLog, LogLine } from '../domain/execution-log.js';
import { limits } from '../domain/limits.js';
import type { Change } from '../domain/ports.js';
import { isFinal } from '../domain/state.js';
import type { Caller } from '../domain/user.js';
import { assertCredentialsStay } from './access.js';
import type { Room } from './deps.js';
import { findExecutionByName } from './get-execution.js';
import { LogInbox } from './log-inbox.js';
import { assertStillUser } from './open-calls.js';
import type { Watchers } from './watchers.js';

export interface TailLogsRequest {
  /** `users/{user}/tasks/{task}/executions/{number}`, where `-` is the newest. */
  readonly name: string;
  /** Go on until the execution has ended. */
  readonly follow?: boolean;
  /** Newest lines to begin with. */
  readonly lines?: number | undefined;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

export type TailMessage =
  | { readonly type: 'line'; readonly line: LogLine }
  /** Lines that are missing here. */
  | { readonly type: 'skipped'; readonly count: number }
  | { readonly type: 'heartbeat' };

export interface TailTiming {
  readonly heartbeatMs: number;
  /** Lines that a slow reader may be behind. */
  readonly queueMax: number;
}

const defaults: TailTiming = {
  heartbeatMs: limits.watchHeartbeatMs,
  queueMax: limits.logReaderQueueMax,
};

/** Streams the newest lines of an execution's log, and on request those that come. */
export function tailLogs(room: Room, watchers: Watchers, timing: TailTiming = defaults) {
  return async function* (caller: Caller, request: TailLogsRequest): AsyncGenerator<TailMessage> {
    const { name, follow = false, lines = limits.logLinesDefault, signal } = request;
    if (!Number.isInteger(lines) || lines < 0 || lines > limits.logLinesMax) {
      const description = `${lines} is out of range. Use 0 to ${limits.logLinesMax}.`;
      throw invalidField('lines', 'OUT_OF_RANGE', description);
    }
    const place = watchers.open(caller.name);
    try {
      await assertCredentialsStay(room.store, caller);
      const { execution } = await findExecutionByName(room, caller, name);
      const ends = [signal, place.signal];
      yield* tail(room, { execution, lines, follow, ends, timing });
    } finally {
      place.close();
    }
    assertStillUser(place);
  };
}

interface Tail {
  readonly execution: Execution;
  readonly lines: number;
  readonly follow: boolean;
  /** That the caller has left, and that the caller is no user any more. */
  readonly ends: readonly AbortSignal[];
  readonly timing: TailTiming;
}

async function* tail(room: Room, what: Tail): AsyncGenerator<TailMessage> {
  const { execution, lines, follow, ends, timing } = what;
  const inbox = new LogInbox(timing.queueMax);
  const unsubscribe = room.feed.subscribe((change) => {
    if (isEndOf(execution, change)) inbox.end();
  });
  let followed: FollowedLog | undefined;
  try {
    followed = await room.logs.follow(execution.uid, lines, (line) => inbox.put(line));
    const numbered = new Numbered();
    for (const line of followed.lines) yield* numbered.show(line);
    if (!follow || ends.some(({ aborted }) => aborted)) return;
    if (await hasEnded(room, execution)) inbox.end();
    yield* live({ room, inbox, numbered, what });
  } finally {
    followed?.close();
    unsubscribe();
  }
}

interface LiveTail {
  readonly room: Room;
  readonly inbox: LogInbox;
  readonly numbered: Numbered;
  readonly what: Tail;
}

async function* live({ room, inbox, numbered, what }: LiveTail): AsyncGenerator<TailMessage> {
  const { ends, timing, execution } = what;
  for (;;) {
    const isLast = inbox.hasEnded;
    if (isLast) await room.logs.settled(execution.uid);
    for (let line = inbox.take(); line; line = inbox.take()) {
      yield* numbered.show(line);
      if (ends.some(({ aborted }) => aborted)) return;
    }
    if (isLast) return;
    const isSilent = await inbox.wait(timing.heartbeatMs, ends);
    if (ends.some(({ aborted }) => aborted)) return;
    if (isSilent) yield { type: 'heartbeat' };
  }
}

/** Tells by the numbers of lines which are missing. */
class Numbered {
  #last: number | undefined;

  *show(line: LogLine): Generator<TailMessage> {
    const missing = line.number - 1 - (this.#last ?? line.number - 1);
    this.#last = line.number;
    if (missing > 0) yield { type: 'skipped', count: missing };
    yield { type: 'line', line };
  }
}

function isEndOf({ taskId, number }: Execution, change: Change): boolean {
  if (change.type !== 'event' || change.event.taskId !== taskId) return false;
  return isFinalOf(change.event, number) || change.event.reason === 'DELETED';
}

function isFinalOf({ executionNumber, toState }: Event, number: number): boolean {
  return executionNumber === number && toState !== undefined && isFinal(toState);
}

async function hasEnded({ store }: Room, { uid }: Execution): Promise<boolean> {
  const stored = await store.executionByUid(uid);
  return !stored || isFinal(stored.state);
}
