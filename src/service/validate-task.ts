import type { TaskDraft } from '../domain/draft.js';
import type { FieldViolation } from '../domain/errors.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import { parseTaskName, parseUserName } from '../domain/names.js';
import type { DryRun } from '../domain/ports.js';
import { brokersOf, type TaskSpec, uploadedModel } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { unfilledFaults } from '../domain/variables.js';
import { findUser, resolveUser } from './access.js';
import { checkDefinition } from './check-definition.js';
import type { Room } from './deps.js';

export interface ValidateTaskRequest {
  readonly parent: string;
  readonly task: TaskDraft | undefined;
  /** Name of a task that is to be changed: `***` stands for its secrets. May be empty. */
  readonly taskName?: string;
  /** 0: a static check. */
  readonly dryRunRecords?: number;
}

/** Says what is wrong with a task, and on request what it would write. Faults are an answer, not an error. */
export function validateTask(room: Room) {
  return async (caller: Caller, request: ValidateTaskRequest): Promise<DryRun> => {
    const { user, records } = await read(room, caller, request);
    const faults = new Faults();
    const previous = await previousSpec(room, caller, { user, name: request.taskName ?? '' });
    const draft = request.task ?? {};
    const { spec } = await checkDefinition(room, draft, { path: '', user, previous, faults });
    if (!faults.isEmpty || records === 0) return { faults: faults.list, records: [] };
    const unfilled = unfilledFaults(spec, 'spec');
    if (unfilled.length > 0) return { faults: unfilled, records: [] };
    const uploaded = uploadedModel(spec);
    if (uploaded === undefined) return { faults: [scoredElsewhere], records: [] };
    const model = await room.store.modelByName(user, uploaded);
    if (!model) return { faults: [modelGone], records: [] };
    const wanted = { spec: withServers(room, spec), model, records };
    return room.inTurn(caller.name, () => room.modelRunner.dryRun(wanted));
  };
}

async function read(
  room: Room,
  caller: Caller,
  { parent, task, dryRunRecords: records = 0 }: ValidateTaskRequest,
): Promise<{ readonly user: string; readonly records: number }> {
  const faults = new Faults();
  const named = faults.try(() => parseUserName(parent, 'parent'));
  if (!task) faults.add('task', 'REQUIRED', 'Give the task.');
  if (records < 0 || records > limits.dryRunRecordsMax) {
    const description = `${records} is out of range. Use 0 to ${limits.dryRunRecordsMax}.`;
    faults.add('dry_run_records', 'OUT_OF_RANGE', description);
  }
  faults.throwIfAny();
  return { user: (await findUser(room.store, caller, named ?? '')).name, records };
}

async function previousSpec(
  room: Room,
  caller: Caller,
  { user, name }: { readonly user: string; readonly name: string },
): Promise<TaskSpec | undefined> {
  if (name === '') return undefined;
  const parsed = parseTaskName(name, 'task.name');
  if (resolveUser(caller, parsed.user) !== user) return undefined;
  return (await room.store.taskByName(user, parsed.task))?.spec;
}

/** The dry run connects at once, so the brokers that are meant are filled in. */
function withServers(room: Room, spec: TaskSpec): TaskSpec {
  const bootstrapServers = brokersOf(spec.source, room.settings.brokers);
  return { ...spec, source: { ...spec.source, bootstrapServers } };
}

const scoredElsewhere: FieldViolation = {
  field: 'dry_run_records',
  reason: 'NOT_OFFERED',
  description: 'A dry run scores with uploaded models only. Use 0.',
};

const modelGone: FieldViolation = {
  field: 'spec.predictor.onnx.model',
  reason: 'MODEL_NOT_FOUND',
  description: 'The model was deleted meanwhile. Upload it again.',
};
