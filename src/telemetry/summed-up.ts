import { addCounters, noCounters } from '../domain/execution.js';
import { addMeasured, type Measured, nothingMeasured } from '../domain/measures.js';
import type { ActiveSample, TaskSample } from '../domain/task-sample.js';

/** No user and no task can have this name. */
const others = '(others)';

/** Tasks that have no series of their own, as if they were one. It has no state and no partitions that could be named. */
export function summedUp(tasks: readonly TaskSample[]): TaskSample {
  const total = (read: (task: TaskSample) => number) =>
    tasks.reduce((sum, task) => sum + read(task), 0);
  return {
    user: others,
    name: others,
    state: 'UNKNOWN',
    ...countersOf(tasks),
    restarts: total(({ restarts }) => restarts),
    executions: total(({ executions }) => executions),
    active: activeOf(tasks.flatMap(({ active }) => active ?? [])),
    measured: measuredOf(tasks.flatMap(({ measured }) => measured ?? [])),
  };
}

/** None if those of one task are not known: without them the sum would go back. */
function countersOf(tasks: readonly TaskSample[]): Pick<TaskSample, 'counters'> {
  const known = tasks.flatMap(({ counters }) => counters ?? []);
  return known.length < tasks.length ? {} : { counters: known.reduce(addCounters, noCounters) };
}

function activeOf(all: readonly ActiveSample[]): ActiveSample {
  return {
    recordsPerSecond: all.reduce((sum, one) => sum + one.recordsPerSecond, 0),
    memoryBytes: all.reduce((sum, one) => sum + one.memoryBytes, 0),
    partitions: all.flatMap(({ partitions }) => partitions),
  };
}

function measuredOf(rows: readonly Measured[]): Measured {
  const sum = nothingMeasured();
  for (const row of rows) addMeasured(sum, row);
  return sum;
}
