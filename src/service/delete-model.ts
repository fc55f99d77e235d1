import { DomainError } from '../domain/errors.js';
import { scoringOfExecution } from '../domain/execution.js';
import { limits } from '../domain/limits.js';
import type { Model } from '../domain/model.js';
import { modelResourceName, parseModelName } from '../domain/names.js';
import type { Writes } from '../domain/ports.js';
import type { Scoring } from '../domain/scoring.js';
import { scoringOf, type Task, taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { findModel } from './access.js';
import { allowMissing } from './allow-missing.js';
import type { Room } from './deps.js';
import { modelFileKey } from './upload-model.js';

export interface DeleteModelRequest {
  readonly name: string;
  /** Also if tasks could roll back to it. */
  readonly force?: boolean;
  /** Makes it no error if there is no such model. */
  readonly allowMissing?: boolean;
}

/** Deletes a model that no task and no execution uses; its file goes with the last model that has its bytes. */
export function deleteModel(room: Room) {
  return async (caller: Caller, request: DeleteModelRequest): Promise<void> => {
    const name = parseModelName(request.name, 'name');
    const missing = { allowed: request.allowMissing, missing: 'MODEL_NOT_FOUND' } as const;
    await allowMissing(missing, async () => {
      const { sha256 } = await findModel(room.store, caller, name);
      await room.exclusive(modelFileKey(sha256), async () => {
        const isLast = await room.store.write(async (writes) => {
          const model = await findModel(writes, caller, name);
          await assertUnused(writes, model, request.force ?? false);
          await writes.deleteModel(model.id);
          return (await writes.modelBySha256(model.sha256)) === undefined;
        });
        if (isLast) await room.modelFiles.remove(sha256);
      });
    });
  };
}

/** As many tasks as a message can name. */
const namedMax = 5;

async function assertUnused(writes: Writes, model: Model, force: boolean): Promise<void> {
  const tasks = await writes.tasksUsingModel(model.user, model.name, limits.tasksPerUserMax);
  const uses = [
    ...tasks.map((task) => ({ task, role: roleIn(scoringOf(task), model.name) })),
    ...(await usesByExecutions(writes, model)),
  ].filter(({ role }) => role !== undefined && !(force && role === rollback));
  if (uses.length === 0) return;
  const told = new Map(uses.map(({ task, role }) => [taskResourceName(task), role]));
  const named = [...told].slice(0, namedMax);
  const list = named.map(([name, role]) => `${name} (${role})`).join(', ');
  throw new DomainError('MODEL_IN_USE', {
    message: `The model is used by ${list}. Delete or change what uses it first.`,
    metadata: {
      resource: modelResourceName(model),
      tasks: named.map(([name]) => name).join(', '),
    },
  });
}

interface Use {
  readonly task: Task;
  readonly role: string | undefined;
}

/** Tasks that name another model by now, but still run with this one. */
async function usesByExecutions(writes: Writes, model: Model): Promise<readonly Use[]> {
  const uses: Use[] = [];
  for (const execution of await writes.activeExecutions()) {
    const role = roleIn(scoringOfExecution(execution), model.name);
    const task = role === undefined ? undefined : await writes.taskById(execution.taskId);
    if (task?.user === model.user) uses.push({ task, role });
  }
  return uses;
}

/** The one use that a deletion may be forced in spite of. */
const rollback = 'could roll back to it';

function roleIn(scoring: Scoring | undefined, name: string): string | undefined {
  if (scoring?.active.name === name) return 'scores with it';
  if (scoring?.shadow?.name === name) return 'compares it as a shadow';
  if (scoring?.update?.state === 'LOADING' && scoring.update.model.name === name) {
    return 'is changing over to it';
  }
  return scoring?.previous?.name === name ? rollback : undefined;
}
