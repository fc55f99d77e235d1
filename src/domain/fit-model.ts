import type { FieldViolation } from './errors.js';
import { Faults } from './faults.js';
import { checkRawInput, checkRawOutputs } from './fit-float32.js';
import type { Model } from './model.js';
import { shown } from './names.js';
import { resolveOutput } from './output-cell.js';
import type { OnnxPredictor, Sink, Source } from './task.js';
import type { Place } from './validate-value.js';

/** What is to fit a model: a predictor alone, or that of a task. */
export interface ModelUse {
  readonly predictor: OnnxPredictor;
  readonly task?: { readonly source: Pick<Source, 'format'>; readonly sink: Sink };
}

/**
 * Says why a predictor, and the source and the sink of its task, do not fit the signature of the model, by the paths of
 * their fields.
 */
export function modelFaults(
  { predictor, task }: ModelUse,
  model: Model | undefined,
  paths: { readonly predictor: string; readonly task: string },
): readonly FieldViolation[] {
  const faults = new Faults();
  if (!model) {
    const description = `There is no model "${shown(predictor.model)}". Upload it first.`;
    faults.add(`${paths.predictor}.model`, 'MODEL_NOT_FOUND', description);
    return faults.list;
  }
  checkFeatures(predictor, model, { faults, path: paths.predictor });
  checkInputs(predictor, model, { faults, path: paths.predictor });
  if (task) checkTask(task, model, { faults, path: paths.task });
  return faults.list;
}

function checkTask(
  { source, sink }: NonNullable<ModelUse['task']>,
  model: Model,
  { faults, path }: Place,
): void {
  if (source.format === 'FLOAT32') checkRawInput(model, { faults, path: `${path}.source.format` });
  checkOutputs(sink, model, { faults, path: `${path}.sink` });
  if (sink.format === 'FLOAT32') checkRawOutputs(sink, model, { faults, path: `${path}.sink` });
}

function checkFeatures({ features }: OnnxPredictor, model: Model, { faults, path }: Place): void {
  if (features.length === 0) return;
  const at = `${path}.features`;
  const [input, ...more] = model.inputs;
  if (!input || more.length > 0) {
    const description = `The model has ${model.inputs.length} inputs (${namesOf(model.inputs)}), and features are the columns of one. Use inputs.`;
    faults.add(at, 'MODEL_MISMATCH', description);
    return;
  }
  const columns = input.shape[1];
  if (input.shape.length > 2 || columns === undefined) {
    const description = `The model's input "${shown(input.name)}" has the shape [${input.shape.join(', ')}], not [rows, columns]. Leave features out.`;
    faults.add(at, 'MODEL_MISMATCH', description);
  } else if (columns >= 0 && columns !== features.length) {
    const description = `There are ${features.length}, but the model's input "${shown(input.name)}" has ${columns} columns. Name as many fields.`;
    faults.add(at, 'MODEL_MISMATCH', description);
  }
}

function checkInputs({ inputs }: OnnxPredictor, model: Model, { faults, path }: Place): void {
  const known = new Set(model.inputs.map(({ name }) => name));
  for (const name of Object.keys(inputs)) {
    if (known.has(name)) continue;
    const description = `The model has no input "${shown(name)}", but ${namesOf(model.inputs)}.`;
    faults.add(`${path}.inputs["${shown(name)}"]`, 'MODEL_MISMATCH', description);
  }
}

function checkOutputs({ fields }: Sink, model: Model, { faults, path }: Place): void {
  for (const [field, output] of Object.entries(fields)) {
    if (resolveOutput(model.outputs, output)) continue;
    const description = `The model has no output "${shown(output)}", but ${namesOf(model.outputs)}.`;
    faults.add(`${path}.fields["${shown(field)}"]`, 'MODEL_MISMATCH', description);
  }
}

function namesOf(tensors: readonly { readonly name: string }[]): string {
  return tensors.map(({ name }) => `"${shown(name)}"`).join(', ');
}
