import { limits } from '../domain/limits.js';
import { userResourceName } from '../domain/names.js';
import { type Task, taskResourceName, uploadedModel } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { actorOf, findModel } from './access.js';
import { assertStartable } from './check-definition.js';
import { deleteModel } from './delete-model.js';
import type { Room } from './deps.js';
import { findSingleRun, type RunKey, type SingleRun, viewSingleRun } from './single-run.js';
import { assertGoesOn, beforeStart } from './steer-single-run.js';
import { updateTask } from './update-task.js';
import { uploadModel } from './upload-model.js';

export interface LoadModelRequest extends RunKey {
  /** Last part of the model's name; by default made of the task's name and the file's hash. */
  readonly name?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  readonly sha256: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Uploads a model for a task that was not started, and lets it score with that. Without the task the model goes too. */
export function loadModelForSingleRun(room: Room) {
  const upload = uploadModel(room);
  const update = updateTask(room);
  const remove = deleteModel(room);
  return async (caller: Caller, request: LoadModelRequest): Promise<SingleRun> =>
    beforeStart(room, { caller, key: request }, async (task) => {
      const { sha256, chunks, features, inputs } = request;
      const modelId = request.name ?? modelNameOf(task, sha256);
      const isNew = (await room.store.modelByName(task.user, modelId)) === undefined;
      const parent = userResourceName(task.user);
      await upload(caller, { parent, modelId, sha256, chunks });
      try {
        const onnx = { model: modelId, features, inputs };
        const spec = { predictor: { onnx } };
        await update(caller, { name: taskResourceName(task), task: { spec } });
      } catch (error) {
        const name = `${parent}/models/${modelId}`;
        if (isNew) await remove(caller, { name }).catch(() => undefined);
        throw error;
      }
    });
}

export interface ScoreFilesRequest extends RunKey {
  /** Absolute paths of files of records. */
  readonly files: readonly string[];
}

/** Scores the records of files into the task's sink, all of them or none, whether or not the task runs. */
export function scoreFilesForSingleRun(room: Room) {
  return async (caller: Caller, request: ScoreFilesRequest): Promise<SingleRun> => {
    const { id } = await findSingleRun(room.store, caller, request);
    return room.exclusive(`files ${id}`, async () => {
      const task = await findSingleRun(room.store, caller, request);
      await assertGoesOn(room, task);
      await assertStartable(room, task);
      const { spec, user, uid } = task;
      const uploaded = uploadedModel(spec) ?? '';
      const model = await findModel(room.store, caller, { user, model: uploaded });
      const { files } = request;
      const wanted = { spec, model, taskUid: uid, files };
      const { records } = await room.inTurn(caller.name, () => room.modelRunner.scoreFiles(wanted));
      await note(room, caller, { task, text: textOf(records, files.length, spec.sink.topic) });
      return viewSingleRun(room, await findSingleRun(room.store, caller, request));
    });
  };
}

/** Enough of a hash to tell a task's models apart. */
const hashCharsShown = 16;

function modelNameOf(task: Task, sha256: string): string {
  const hash = sha256.slice(0, hashCharsShown);
  return `${task.name.slice(0, limits.nameCharsMax - hashCharsShown - 1)}-${hash}`;
}

function textOf(records: number, files: number, topic: string): string {
  return `${records} records of ${files} files were scored into ${topic}.`;
}

async function note(
  room: Room,
  caller: Caller,
  { task, text }: { readonly task: Task; readonly text: string },
): Promise<void> {
  const event = await room.store.write((writes) =>
    writes.appendEvent({
      taskId: task.id,
      at: room.clock.now(),
      actor: actorOf(caller),
      reason: 'FILES_SCORED',
      message: text,
      severity: 'INFO',
      epoch: 0,
    }),
  );
  room.feed.publish({ type: 'event', event });
}
