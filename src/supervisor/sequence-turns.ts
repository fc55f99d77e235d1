import { waitsForTurn } from '../domain/execution.js';
import type { Reads } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import { step } from '../domain/step.js';
import type { Context, Step } from '../domain/step-input.js';

/** Lets executions go on whose turn in a sequence has come, and ends those whose turn never comes. */
export async function turnsTaken(
  runs: readonly Run[],
  store: Pick<Reads, 'executionById'>,
  context: Context,
): Promise<readonly Step[]> {
  const active = new Set(runs.map(({ execution }) => execution.id));
  const steps: Step[] = [];
  for (const run of runs) {
    const { continues } = run.execution;
    if (!waitsForTurn(run.execution) || continues === undefined || active.has(continues)) continue;
    const before = await store.executionById(continues);
    steps.push(
      step(run, { type: 'preceded', ...(before ? { state: before.state } : {}) }, context),
    );
  }
  return steps;
}
