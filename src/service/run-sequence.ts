import type { Execution } from '../domain/execution.js';
import { Faults } from '../domain/faults.js';
import { downstreamOf, type PlannedTask } from '../domain/sequence-plan.js';
import { isFinal } from '../domain/state.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { fillVariables } from '../domain/variables.js';
import { actorOf } from './access.js';
import { assertStartable } from './check-definition.js';
import type { Room } from './deps.js';
import { referredTask } from './find-task-run.js';

export interface RunSequenceRequest {
  /** Numeric ids of tasks, in the order in which they run. What is named twice runs once. */
  readonly taskIds: readonly number[];
  /** Values of `${name}` in the specs; those that no spec asks for are passed over. */
  readonly variables: ReadonlyMap<string, string>;
}

/** A task of the plan. */
export interface PlanEntry {
  readonly task: Task;
  /** The execution that runs it; one that ran before the call if it was not started by it. */
  readonly execution: Execution;
  readonly started: boolean;
}

/** Tasks of one plan: their executions wait in memory. */
const tasksMax = 100;
const variablesMax = 100;
/** A value fills a topic at most. */
const variableCharsMax = 249;

/**
 * Runs tasks one after another, each to the end of what is there when it begins, and after them the tasks of the same
 * owners that read what they write. It is all written before the first one runs, so that a sequence survives the
 * service; what is downstream and runs already is left running.
 */
export function runSequence(room: Room) {
  return async (caller: Caller, request: RunSequenceRequest): Promise<readonly PlanEntry[]> => {
    const taskIds = read(request);
    const plan = (task: Task): PlannedTask => ({
      task,
      spec: { ...fillVariables(task.spec, request.variables), until: 'END' },
    });
    const named: PlannedTask[] = [];
    for (const id of taskIds) named.push(plan(await referredTask(room, caller, { id })));
    const candidates = (await tasksOfOwners(room, named)).map(plan);
    const downstream = downstreamOf(named, candidates, room.settings.brokers);
    assertLength([...named, ...downstream].length);
    const running = await activeOf(room, downstream);
    const parts = [...named, ...downstream].filter(({ task }) => !running.has(task.id));
    for (const { task, spec } of parts) await assertStartable(room, { ...task, spec });
    const started = await room.supervisor.startSequence(parts, actorOf(caller));
    return entries([...named, ...downstream], running, started);
  };
}

function read({ taskIds, variables }: RunSequenceRequest): readonly number[] {
  const faults = new Faults();
  if (taskIds.length === 0) {
    faults.add('sequence', 'REQUIRED', 'Name at least one task by its id.');
  }
  if (variables.size > variablesMax) {
    const description = `There are ${variables.size}. Use at most ${variablesMax}.`;
    faults.add('variables', 'TOO_MANY', description);
  }
  for (const [name, value] of variables) {
    if (Math.max(name.length, value.length) <= variableCharsMax) continue;
    faults.add('variables', 'TOO_LONG', `Use names and values of at most ${variableCharsMax}.`);
  }
  faults.throwIfAny();
  const once = [...new Set(taskIds)];
  assertLength(once.length);
  return once;
}

function assertLength(length: number): void {
  const faults = new Faults();
  const description = `The plan has ${length} tasks. Use at most ${tasksMax}.`;
  if (length > tasksMax) faults.add('sequence', 'TOO_MANY', description);
  faults.throwIfAny();
}

const batch = 500;

async function tasksOfOwners(
  { store }: Room,
  named: readonly PlannedTask[],
): Promise<readonly Task[]> {
  const found: Task[] = [];
  for (const user of new Set(named.map(({ task }) => task.user))) {
    const query = { user, order: 'name', descending: false, limit: batch } as const;
    for (let page = await store.listTasks(query); ; ) {
      found.push(...page);
      const last = page.at(-1);
      if (page.length < batch || !last) break;
      page = await store.listTasks({ ...query, after: { value: last.name, id: last.id } });
    }
  }
  return found;
}

async function activeOf(
  { supervisor }: Room,
  tasks: readonly PlannedTask[],
): Promise<ReadonlyMap<number, Execution>> {
  const active = new Map<number, Execution>();
  for (const { task } of tasks) {
    const { execution } = await supervisor.observe(task.id);
    if (execution && !isFinal(execution.state)) active.set(task.id, execution);
  }
  return active;
}

function entries(
  tasks: readonly PlannedTask[],
  running: ReadonlyMap<number, Execution>,
  started: readonly Execution[],
): readonly PlanEntry[] {
  const made = new Map(started.map((execution) => [execution.taskId, execution]));
  return tasks.flatMap(({ task }) => {
    const execution = made.get(task.id) ?? running.get(task.id);
    return execution ? [{ task, execution, started: made.has(task.id) }] : [];
  });
}
