import { addCounters, type Counters, noCounters } from '../domain/execution.js';
import { parseUserScope } from '../domain/names.js';
import type { Observation, Supervisor, TaskTally } from '../domain/ports.js';
import { isFinal } from '../domain/state.js';
import { deriveStatus } from '../domain/status.js';
import type { ActiveSample, TaskSample } from '../domain/task-sample.js';
import type { Caller } from '../domain/user.js';
import type { Room } from './deps.js';
import { usersOf } from './list-tasks.js';

export interface SampleTasksRequest {
  /** `users/{user}`, or `users/-` for all that the caller may see. */
  readonly parent: string;
}

/** Reading a page takes a millisecond or two, and others come in between. */
const tasksPerPage = 500;

/** What the numbers of tasks are read from. */
type Sampled = Pick<Room, 'store' | 'clock' | 'measured'> & {
  readonly supervisor: Pick<Supervisor, 'observeActive'>;
};

/** Tasks in numbers, oldest first. */
export function sampleTasks(room: Sampled) {
  const heard = new Heard(room.clock.now());
  return async (caller: Caller, { parent }: SampleTasksRequest): Promise<TaskSample[]> => {
    const user = await usersOf(room, caller, parseUserScope(parent, 'parent'));
    const samples: TaskSample[] = [];
    for (let after = 0; ; ) {
      const tallies = await room.store.listTallies(user, { after, limit: tasksPerPage });
      const active = room.supervisor.observeActive();
      const now = room.clock.now();
      for (const tally of tallies) {
        const observation = active.get(tally.taskId);
        const row = room.measured?.of(tally.taskId);
        samples.push({
          ...(observation ? heard.sample(tally, observation, now) : settledSample(tally)),
          ...(row ? { measured: row } : {}),
        });
      }
      const last = tallies.at(-1);
      if (!last || tallies.length < tasksPerPage) return samples;
      after = last.taskId;
    }
  };
}

/**
 * Knows which executions this process has heard of. What an earlier one stored of them may be older than what it showed, and
 * a counter that goes back looks as if it had begun anew, and all of it were new.
 */
class Heard {
  readonly #begunAt: number;
  readonly #heard = new Set<number>();

  constructor(begunAt: number) {
    this.#begunAt = begunAt;
  }

  sample(tally: TaskTally, observation: Observation, now: number): TaskSample {
    const sample = activeSample(tally, observation, now);
    const { execution } = observation;
    if (!execution || execution.createdAt >= this.#begunAt) return sample;
    // Its runner has read from Kafka what it had counted.
    if (sample.state === 'RUNNING' || sample.state === 'DEGRADED') this.#heard.add(execution.id);
    return this.#heard.has(execution.id) ? sample : withoutCounters(sample);
  }
}

function withoutCounters({ counters: _old, ...sample }: TaskSample): TaskSample {
  return sample;
}

function settledSample(tally: TaskTally): TaskSample {
  const sample = storedSample(tally);
  // It ended after it was read, or nothing has been heard of it yet.
  return tally.newest && !isFinal(tally.newest.state) ? withoutCounters(sample) : sample;
}

function storedSample({
  user,
  name,
  settled,
  newest,
}: TaskTally): TaskSample & { readonly counters: Counters } {
  return {
    user,
    name,
    state: newest?.state ?? 'CREATED',
    counters: addCounters(settled.counters, newest?.counters ?? noCounters),
    restarts: settled.restarts + (newest?.restarts ?? 0),
    executions: newest?.number ?? 0,
  };
}

/** The supervisor knows more than the store, and what the store had settled is the same for both. */
function activeSample(tally: TaskTally, observation: Observation, now: number): TaskSample {
  const { user, name, settled } = tally;
  const { execution } = observation;
  if (!execution) return storedSample(tally);
  const status = deriveStatus({ createdAt: 0, spec: execution.spec }, observation, now);
  const active: ActiveSample = {
    recordsPerSecond: status.recordsPerSecond,
    partitions: status.partitions,
    memoryBytes: status.memoryBytes,
  };
  // An execution that was made after the tally was read: the one before it is settled next time.
  const isNewer = execution.number > (tally.newest?.number ?? 0);
  const earlier = isNewer ? storedSample(tally) : settled;
  return {
    user,
    name,
    state: status.state,
    counters: addCounters(earlier.counters, status.counters),
    restarts: earlier.restarts + status.restartCount,
    executions: execution.number,
    active,
  };
}
