import type { TaskDraft } from '../domain/draft.js';
import { draftOfSpec } from '../domain/draft.js';
import { DomainError, type FieldViolation, invalidFields } from '../domain/errors.js';
import type { Faults } from '../domain/faults.js';
import { modelFaults } from '../domain/fit-model.js';
import type { Reads } from '../domain/ports.js';
import type { Task, TaskSpec } from '../domain/task.js';
import { validateSpec } from '../domain/validate-spec.js';
import { type Definition, validateTask } from '../domain/validate-task.js';
import type { SpecContext } from '../domain/validate-value.js';
import { unfilledFaults } from '../domain/variables.js';
import type { Room } from './deps.js';

/** What a definition is checked for. */
export interface DefinitionCheck {
  /** Path of the task in the request; empty: the task itself. */
  readonly path: string;
  /** Owner; absent if the request does not name one rightly. */
  readonly user: string | undefined;
  readonly previous?: TaskSpec | undefined;
  readonly faults: Faults;
}

/** Checks a draft, also against the owner's models, and collects all faults. */
export async function checkDefinition(
  room: Room,
  draft: TaskDraft,
  { path, user, previous, faults }: DefinitionCheck,
): Promise<Definition> {
  const context = contextOf(room, { path, user: user ?? '', previous });
  const { definition, faults: found } = validateTask(draft, context);
  faults.take(...found);
  const specPath = path === '' ? 'spec' : `${path}.spec`;
  if (user !== undefined && faults.spares(`${specPath}.predictor`)) {
    faults.take(...(await modelFaultsOf(room.store, { user, spec: definition.spec, specPath })));
  }
  return definition;
}

/** Throws TASK_NOT_STARTABLE if what was right when the task was defined is so no longer. */
export async function assertStartable(room: Room, task: Task): Promise<void> {
  const { user, spec } = task;
  const context = contextOf(room, { path: 'spec', user, previous: spec });
  const { faults } = validateSpec(draftOfSpec(spec), context);
  const model = await modelFaultsOf(room.store, { user, spec, specPath: 'spec' });
  const violations = [...faults, ...unfilledFaults(spec, 'spec'), ...model];
  const [first] = violations;
  if (!first) return;
  const message = `${first.field}: ${first.description}`;
  throw new DomainError('TASK_NOT_STARTABLE', {
    message,
    violations,
    metadata: { task: task.name, field: first.field },
  });
}

/** Throws INVALID_FIELD unless the model is there; inside a write it stays there until the task names it. */
export async function assertModelThere(reads: Reads, user: string, spec: TaskSpec): Promise<void> {
  const faults = await modelFaultsOf(reads, { user, spec, specPath: 'task.spec' });
  if (faults.length > 0) throw invalidFields(faults);
}

function contextOf(
  room: Room,
  given: Pick<SpecContext, 'path' | 'user' | 'previous'>,
): SpecContext {
  return { ...given, brokers: room.settings.brokers, egress: room.egress };
}

async function modelFaultsOf(
  reads: Reads,
  {
    user,
    spec,
    specPath,
  }: { readonly user: string; readonly spec: TaskSpec; readonly specPath: string },
): Promise<readonly FieldViolation[]> {
  const { predictor } = spec;
  if (predictor.type !== 'onnx') return [];
  const model = await reads.modelByName(user, predictor.model);
  const paths = { predictor: `${specPath}.predictor.onnx`, task: specPath };
  return modelFaults({ predictor, task: spec }, model, paths);
}
