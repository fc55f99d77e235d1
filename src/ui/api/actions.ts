import { tasks } from './clients.js';
import { failureText } from './failure.js';
import { newRequestId } from './request-id.js';

/** What can be done to many tasks. */
export type Verb = 'start' | 'stop';

/** How it went. */
export interface Outcome {
  readonly done: number;
  /** Names of tasks, each with why it failed. */
  readonly failed: readonly (readonly [name: string, why: string])[];
}

/** A stop answers when the task has ended, which may take its time. */
const stopTimeoutMs = 90_000;
/** Browsers open six connections to a host; the watch has one of them. */
const atOnce = 4;

/** Starts one task. Throws what the service answers. */
export async function startTask(name: string): Promise<void> {
  await tasks.startTask({ name, requestId: newRequestId() });
}

/** Stops one task; answers when it has ended. */
export async function stopTask(name: string): Promise<void> {
  await tasks.stopTask({ name }, { timeoutMs: stopTimeoutMs });
}

/** Deletes one task, and stops it first; refused when its etag is another by now. */
export async function deleteTask(name: string, etag: string): Promise<void> {
  await tasks.deleteTask({ name, etag }, { timeoutMs: stopTimeoutMs });
}

/** Starts or stops many; one that fails does not keep the others from it. */
export async function actOnAll(verb: Verb, names: readonly string[]): Promise<Outcome> {
  const act = verb === 'start' ? startTask : stopTask;
  const waiting = [...names];
  const failed: [string, string][] = [];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      try {
        await act(name);
      } catch (error) {
        failed.push([name, failureText(error)]);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { done: names.length - failed.length, failed };
}
