import { Faults } from '../domain/faults.js';
import { modelFaults } from '../domain/fit-model.js';
import { limits } from '../domain/limits.js';
import { parseModelName } from '../domain/names.js';
import type { OnnxPredictor } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { readColumns } from '../domain/validate-columns.js';
import { findModel } from './access.js';
import type { Room } from './deps.js';

export interface PredictRequest {
  /** `users/{user}/models/{model}`. */
  readonly name: string;
  /** As a task's records. */
  readonly rows: readonly unknown[];
  readonly features?: readonly string[];
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Scores a few rows by hand, one prediction for each. */
export function predict(room: Room) {
  return async (caller: Caller, request: PredictRequest): Promise<readonly unknown[]> => {
    const faults = new Faults();
    const name = faults.try(() => parseModelName(request.name, 'name'));
    const { rows } = request;
    if (rows.length === 0 || rows.length > limits.predictRowsMax) {
      const description = `There are ${rows.length}. Give 1 to ${limits.predictRowsMax}.`;
      faults.add('rows', rows.length === 0 ? 'REQUIRED' : 'TOO_MANY', description);
    }
    const columns = faults.try(() => columnsOf(request));
    faults.throwIfAny();
    const model = await findModel(room.store, caller, name ?? { user: '', model: '' });
    const predictor: OnnxPredictor = {
      type: 'onnx',
      model: model.name,
      features: columns?.features ?? [],
      inputs: columns?.inputs ?? {},
      missingAsNan: false,
    };
    const path = 'request';
    for (const fault of modelFaults({ predictor }, model, { predictor: path, task: path })) {
      faults.take({ ...fault, field: fault.field.slice(path.length + 1) });
    }
    faults.throwIfAny();
    return room.inTurn(caller.name, () => room.modelRunner.predict({ model, predictor, rows }));
  };
}

function columnsOf({
  features,
  inputs,
}: PredictRequest): Pick<OnnxPredictor, 'features' | 'inputs'> {
  const faults = new Faults();
  const columns = readColumns({ features, inputs }, { faults, path: '' });
  const rooted = new Faults();
  for (const fault of faults.list) rooted.take({ ...fault, field: fault.field.replace(/^\./, '') });
  rooted.throwIfAny();
  return columns;
}
