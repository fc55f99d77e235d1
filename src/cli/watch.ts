import { setTimeout as delay } from 'node:timers/promises';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import type { Event } from '../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../gen/ts/predictd/v1/task_pb.js';
import type { TaskService, WatchTasksResponse } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { CommandError, exitCode } from './exit-code.js';
import { isLostConnection } from './lost-connection.js';
import { lastPart } from './resource-name.js';

/** What to watch, and how. */
export interface Watch {
  readonly tasks: Client<typeof TaskService>;
  /** One task or all of an owner. */
  readonly target: { readonly name: string } | { readonly parent: string };
  /** Ends the watch; the iteration then throws. */
  readonly signal: AbortSignal;
  /** Told in a sentence when the connection breaks and when it is back. */
  readonly note: (text: string) => void;
}

/**
 * The tasks as they are, then every change, without a gap: a broken connection is made again and the
 * watch goes on where it was. Only a first call that fails, or a call that the service refuses, throws.
 */
export async function* watchTasks(watch: Watch): AsyncGenerator<WatchTasksResponse> {
  let afterSequence = 0n;
  let connected = false;
  let failures = 0;
  for (;;) {
    try {
      const stream = watch.tasks.watchTasks(
        { ...watch.target, afterSequence },
        {
          signal: watch.signal,
          onHeader: () => {
            if (failures > 0) watch.note('connected again');
            failures = 0;
            connected = true;
          },
        },
      );
      for await (const response of stream) {
        // A snapshot that breaks off half way has to be sent again from its beginning.
        const whole = response.kind.case !== 'snapshot' && response.kind.case !== 'resync';
        if (whole && response.sequence > afterSequence) afterSequence = response.sequence;
        yield response;
      }
      // The service ends a watch only when it goes away.
      failures++;
    } catch (error) {
      if (!connected || watch.signal.aborted || !isPassing(error)) throw error;
      if (isExpired(error)) {
        watch.note('the history does not reach back that far; beginning anew');
        afterSequence = 0n;
        continue;
      }
      failures++;
    }
    if (failures === 1) watch.note('the connection broke; trying again until it is back');
    await delay(backoffMs(failures), undefined, { signal: watch.signal });
  }
}

/** A task as it is, and what happened to it if that is known. */
export interface TaskChange {
  readonly task: Task;
  readonly event?: Event | undefined;
}

/** One task, as `watchTasks` watches it. Throws also when it is deleted. */
export async function* watchTask(
  name: string,
  watch: Omit<Watch, 'target'>,
): AsyncGenerator<TaskChange> {
  for await (const { kind } of watchTasks({ ...watch, target: { name } })) {
    if (kind.case === 'deleted') throw deletedMeanwhile(name);
    if (kind.case === 'snapshot') yield { task: kind.value };
    else if (kind.case === 'change' && kind.value.task) {
      yield { task: kind.value.task, event: kind.value.event };
    }
  }
}

function deletedMeanwhile(name: string): CommandError {
  return new CommandError(`task ${lastPart(name)} was deleted meanwhile`, {
    exitCode: exitCode.notFound,
  });
}

/** Short enough that a restart of the service is hardly noticed, long enough not to hammer it. */
const BACKOFF_MS_MAX = 5_000;

function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MS_MAX, 100 * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  return isLostConnection(error) || isExpired(error) || passing.includes(error.code);
}

function isExpired(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.OutOfRange;
}

/** Proxies cut long calls with the second, and some with the third. */
const passing: readonly Code[] = [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled];
