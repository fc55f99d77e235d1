import type { FieldViolation } from '../domain/errors.js';
import type { TensorInfo } from '../domain/model.js';
import { type OutputCell, resolveOutput } from '../domain/output-cell.js';
import type { OnnxPredictor, Sink, Source } from '../domain/task.js';

/** How a record's values reach the model's inputs. */
export type InputBinding = FeatureBinding | NamedBinding | RawBinding;

/** One input that takes a row of numbers. */
export interface FeatureBinding {
  readonly kind: 'features';
  readonly input: TensorInfo;
  /** Numbers in a row; -1 if the model leaves it open and no field is named. */
  readonly columns: number;
  /** Names of the record's fields in column order; empty: the record has an array `features`. */
  readonly fields: readonly string[];
}

/** Several inputs, or one, that take one value of each record. */
export interface NamedBinding {
  readonly kind: 'named';
  readonly inputs: readonly { readonly input: TensorInfo; readonly field: string }[];
}

/** One input of float32 whose rows are the records, byte for byte. */
export interface RawBinding {
  readonly kind: 'raw';
  readonly input: TensorInfo;
  /** Numbers in a row. */
  readonly columns: number;
}

/** A member of a prediction and the model's output, or the cell of one, in it. */
export interface OutputBinding extends OutputCell {
  readonly member: string;
}

/** The outputs that predictions are made of, each once. */
export function outputNames(bindings: readonly OutputBinding[]): readonly string[] {
  return [...new Set(bindings.map(({ output }) => output))];
}

/** What a task's predictor makes of a model's signature. */
export interface Signature {
  readonly inputs: InputBinding;
  readonly outputs: readonly OutputBinding[];
  /** The only number of rows that the model takes at once; undefined: any. */
  readonly fixedRows?: 1;
}

const numberTypes = new Set([
  'float32',
  'float64',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
]);
const scalarTypes = new Set([...numberTypes, 'string', 'bool']);

/** The part of a spec that says what of a record goes into a model, and what of its answer is written. */
export interface BoundSpec {
  readonly predictor: OnnxPredictor;
  /** JSON if left out. */
  readonly source?: Pick<Source, 'format'>;
  readonly sink: Pick<Sink, 'fields'>;
}

/** Binds a record to a model, or says by which fields of the spec it cannot be. */
export function bindSignature(
  model: { readonly inputs: readonly TensorInfo[]; readonly outputs: readonly TensorInfo[] },
  spec: BoundSpec,
): { readonly signature: Signature } | { readonly faults: readonly FieldViolation[] } {
  const faults: FieldViolation[] = [];
  const isRaw = spec.source?.format === 'FLOAT32';
  const inputs = isRaw
    ? bindRaw(model.inputs, faults)
    : bindInputs(model.inputs, spec.predictor, faults);
  const outputs = bindOutputs(model.outputs, spec.sink, faults);
  const leading = model.inputs.map(({ shape }) => shape[0] ?? -1);
  if (leading.some((rows) => rows > 1)) {
    faults.push(modelFault(`takes exactly ${Math.max(...leading)} rows at once, not any number`));
  }
  if (faults.length > 0 || !inputs) return { faults };
  const fixed = leading.some((rows) => rows === 1);
  return { signature: { inputs, outputs, ...(fixed ? { fixedRows: 1 } : {}) } };
}

function bindRaw(inputs: readonly TensorInfo[], faults: FieldViolation[]): RawBinding | undefined {
  const [input, ...more] = inputs;
  const columns = input ? columnsOf(input) : -1;
  if (input?.type === 'float32' && more.length === 0 && columns > 0) {
    return { kind: 'raw', input, columns };
  }
  faults.push(modelFault('has no single input of float32 with a fixed number of columns'));
  return undefined;
}

function bindInputs(
  inputs: readonly TensorInfo[],
  predictor: OnnxPredictor,
  faults: FieldViolation[],
): InputBinding | undefined {
  const [only] = inputs;
  if (!only) {
    faults.push(modelFault('has no inputs'));
    return undefined;
  }
  const takesRow = inputs.length === 1 && numberTypes.has(only.type) && columnsOf(only) !== 1;
  const mapped = Object.keys(predictor.inputs).length > 0;
  if (inputs.length === 1 && !mapped && (takesRow || isOneColumnOfFeatures(only, predictor))) {
    return bindFeatures(only, predictor, faults);
  }
  return bindNamed(inputs, predictor, faults);
}

/** A model of one number may be fed from `features` as well. */
function isOneColumnOfFeatures(input: TensorInfo, { features }: OnnxPredictor): boolean {
  return numberTypes.has(input.type) && input.shape.length === 2 && features.length === 1;
}

function bindFeatures(
  input: TensorInfo,
  { features }: OnnxPredictor,
  faults: FieldViolation[],
): FeatureBinding {
  const columns = columnsOf(input);
  if (input.shape.slice(1).filter((size) => size < 0).length > 1) {
    faults.push(modelFault(`leaves more than one dimension of its input ${input.name} open`));
  }
  const step = openStep(input);
  const fits = columns < 0 ? features.length % step === 0 : features.length === columns;
  if (features.length > 0 && !fits) {
    const taken = columns < 0 ? `a multiple of ${step}` : columns;
    faults.push({
      field: 'spec.predictor.onnx.features',
      reason: 'WRONG_LENGTH',
      description: `The model takes ${taken} numbers, but ${features.length} fields are named.`,
    });
  }
  if (new Set(features).size !== features.length) {
    faults.push({
      field: 'spec.predictor.onnx.features',
      reason: 'DUPLICATE',
      description: 'A field is named twice.',
    });
  }
  const open = features.length > 0 ? features.length : -1;
  return { kind: 'features', input, columns: columns >= 0 ? columns : open, fields: features };
}

function bindNamed(
  inputs: readonly TensorInfo[],
  predictor: OnnxPredictor,
  faults: FieldViolation[],
): NamedBinding {
  for (const input of inputs) {
    const scalar = input.shape.length === 1 || (input.shape.length === 2 && input.shape[1] === 1);
    if (!scalar || !scalarTypes.has(input.type)) {
      const shape = input.shape.join(',');
      faults.push(modelFault(`has an input ${input.name} of type ${input.type}[${shape}]`));
    }
  }
  if (predictor.features.length > 0) {
    faults.push({
      field: 'spec.predictor.onnx.features',
      reason: 'NOT_APPLICABLE',
      description: 'The model has inputs of one value each; map them with `inputs`.',
    });
  }
  const known = new Set(inputs.map(({ name }) => name));
  for (const name of Object.keys(predictor.inputs)) {
    if (known.has(name)) continue;
    const description = `The model has no input ${name}; it has ${[...known].join(', ')}.`;
    faults.push({ field: 'spec.predictor.onnx.inputs', reason: 'UNKNOWN_INPUT', description });
  }
  const fieldOf = (name: string) =>
    Object.hasOwn(predictor.inputs, name) ? (predictor.inputs[name] ?? name) : name;
  return {
    kind: 'named',
    inputs: inputs.map((input) => ({ input, field: fieldOf(input.name) })),
  };
}

function bindOutputs(
  outputs: readonly TensorInfo[],
  sink: Pick<Sink, 'fields'>,
  faults: FieldViolation[],
): OutputBinding[] {
  const known = outputs.map(({ name }) => name);
  const mapped = Object.entries(sink.fields);
  if (known.length === 0) faults.push(modelFault('has no outputs'));
  const bindings: OutputBinding[] = [];
  for (const [member, output] of mapped) {
    const found = resolveOutput(outputs, output);
    if (found) {
      bindings.push({ member, ...found });
      continue;
    }
    const description = `The model has no output ${output}; it has ${known.join(', ')}.`;
    faults.push({ field: `spec.sink.fields.${member}`, reason: 'UNKNOWN_OUTPUT', description });
  }
  if (mapped.length === 0) return known.map((name) => ({ member: name, output: name }));
  return bindings;
}

/** Inner dimensions of an input for rows of so many numbers, of which an open one takes what is left. */
export function innerDims(input: TensorInfo, columns: number): number[] {
  const open = columns / openStep(input);
  return input.shape.slice(1).map((size) => (size < 0 ? open : size));
}

/** By how many numbers a row grows with each step of the dimension that its input leaves open. */
export function openStep({ shape }: TensorInfo): number {
  return shape.slice(1).reduce((product, size) => (size < 0 ? product : product * size), 1);
}

/** Numbers in one row of an input; -1 where the model leaves it open. */
function columnsOf({ shape }: TensorInfo): number {
  if (shape.length < 2) return 1;
  return shape
    .slice(1)
    .reduce((product, size) => (size < 0 || product < 0 ? -1 : product * size), 1);
}

function modelFault(what: string): FieldViolation {
  return {
    field: 'spec.predictor.onnx.model',
    reason: 'MODEL_MISMATCH',
    description: `The model ${what}, which records cannot feed.`,
  };
}
