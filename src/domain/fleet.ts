import { waitsForTurn } from './execution.js';
import type { Run } from './run.js';
import { takesPlace } from './state.js';

/** How many more executions may have a runner. Never negative. */
export function freePlaces(runs: Iterable<Run>, tasksMax: number): number {
  let taken = 0;
  for (const run of runs) if (takesPlace(run.execution.state)) taken += 1;
  return Math.max(0, tasksMax - taken);
}

/** The queued executions that get the free places, in the order in which they were asked for. */
export function admissible(runs: Iterable<Run>, tasksMax: number): readonly Run[] {
  const all = [...runs];
  return all
    .filter(({ execution }) => execution.state === 'QUEUED' && !waitsForTurn(execution))
    .sort((a, b) => a.execution.id - b.execution.id)
    .slice(0, freePlaces(all, tasksMax));
}
