import type { Model, TensorInfo } from './model.js';
import { shown } from './names.js';
import { type OutputCell, resolveOutput } from './output-cell.js';
import type { Sink } from './task.js';
import type { Place } from './validate-value.js';

/** Element types of which float32 holds every value. */
const exactTypes: ReadonlySet<string> = new Set([
  'float32',
  'float16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'bool',
]);

/** A raw record is one row of the model's only input: the input alone says how long it is. */
export function checkRawInput({ inputs }: Pick<Model, 'inputs'>, { faults, path }: Place): void {
  const [input, ...more] = inputs;
  if (!input || more.length > 0) {
    const description = `FLOAT32 records are rows of one tensor, but the model has ${inputs.length} inputs. Use JSON or AVRO.`;
    faults.add(path, 'MODEL_MISMATCH', description);
    return;
  }
  const shape = `[${input.shape.join(', ')}]`;
  if (input.type !== 'float32') {
    const description = `The model's input "${shown(input.name)}" is of ${input.type}. Use JSON or AVRO.`;
    faults.add(path, 'MODEL_MISMATCH', description);
  } else if (isOpen(input)) {
    const description = `The model's input "${shown(input.name)}" has the open shape ${shape}, so that no length is right. Use JSON or AVRO.`;
    faults.add(path, 'MODEL_MISMATCH', description);
  }
}

/** A raw prediction is the rows of its outputs one after another: a reader must know how long each is. */
export function checkRawOutputs(
  { fields }: Pick<Sink, 'fields'>,
  { outputs }: Pick<Model, 'outputs'>,
  { faults, path }: Place,
): void {
  const selected = selectedOutputs(fields, outputs);
  for (const { info } of selected) {
    if (exactTypes.has(info.type)) continue;
    const description = `The model's output "${shown(info.name)}" is of ${info.type}, which float32 does not hold exactly. ${choiceOf(outputs)}`;
    faults.add(`${path}.format`, 'MODEL_MISMATCH', description);
  }
  const open = selected.filter(({ info, cell }) => cell === undefined && isOpen(info));
  if (selected.length > 1 && open.length > 0) {
    const names = open.map(({ info }) => `"${shown(info.name)}"`).join(' and ');
    const description = `The rows of ${names} have no fixed length, so that nobody can tell the outputs apart. Select one with sink.fields.`;
    faults.add(`${path}.format`, 'MODEL_MISMATCH', description);
  }
}

interface Selected extends OutputCell {
  readonly info: TensorInfo;
}

/** What `fields` names wrongly is told elsewhere. */
function selectedOutputs(
  fields: Readonly<Record<string, string>>,
  outputs: readonly TensorInfo[],
): Selected[] {
  const names = Object.values(fields);
  const cells: OutputCell[] =
    names.length === 0
      ? outputs.map(({ name }) => ({ output: name }))
      : names.flatMap((name) => resolveOutput(outputs, name) ?? []);
  return cells.flatMap((cell) => {
    const info = outputs.find(({ name }) => name === cell.output);
    return info ? [{ ...cell, info }] : [];
  });
}

function isOpen({ shape }: TensorInfo): boolean {
  return shape.slice(1).some((size) => size < 0);
}

function choiceOf(outputs: readonly TensorInfo[]): string {
  const fitting = outputs.find(({ type }) => exactTypes.has(type));
  if (!fitting) return 'Use JSON or AVRO.';
  const name = shown(fitting.name);
  return `Select others with sink.fields, such as {"${name}": "${name}"}, or use JSON or AVRO.`;
}
