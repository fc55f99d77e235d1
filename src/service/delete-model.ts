import { DomainError } from '../domain/errors.js';
import type { Model } from '../domain/model.js';
import { modelResourceName, parseModelName } from '../domain/names.js';
import type { Writes } from '../domain/ports.js';
import { type Task, taskResourceName, uploadedModel } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { findModel } from './access.js';
import type { Room } from './deps.js';
import { modelFileKey } from './upload-model.js';

/** Deletes a model that no task names and no execution runs; its file goes with the last model that has its bytes. */
export function deleteModel(room: Room) {
  return async (caller: Caller, request: { readonly name: string }): Promise<void> => {
    const name = parseModelName(request.name, 'name');
    const { sha256 } = await findModel(room.store, caller, name);
    await room.exclusive(modelFileKey(sha256), async () => {
      const isLast = await room.store.write(async (writes) => {
        const model = await findModel(writes, caller, name);
        await assertUnused(writes, model);
        await writes.deleteModel(model.id);
        return (await writes.modelBySha256(model.sha256)) === undefined;
      });
      if (isLast) await room.modelFiles.remove(sha256);
    });
  };
}

/** As many tasks as a message can name. */
const namedMax = 5;

async function assertUnused(writes: Writes, model: Model): Promise<void> {
  const tasks = await writes.tasksUsingModel(model.user, model.name, namedMax);
  const users = tasks.length > 0 ? tasks : await tasksRunning(writes, model);
  if (users.length === 0) return;
  const names = users.map(taskResourceName).join(', ');
  throw new DomainError('MODEL_IN_USE', {
    message: `The model is used by ${names}. Delete or change what uses it first.`,
    metadata: { resource: modelResourceName(model), tasks: names },
  });
}

/** Tasks that name another model by now, but still run this one. */
async function tasksRunning(writes: Writes, model: Model): Promise<Task[]> {
  const running: Task[] = [];
  for (const execution of await writes.activeExecutions()) {
    if (uploadedModel(execution.spec) !== model.name) continue;
    const task = await writes.taskById(execution.taskId);
    if (task?.user === model.user) running.push(task);
  }
  return running.slice(0, namedMax);
}
