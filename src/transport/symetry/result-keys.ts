import type { TensorInfo } from '../../domain/model.js';

/** The name of the result in every prediction. */
const resultKey = 'res';

/**
 * The documented form of a prediction: `res` is the first output that is one value; the first output that rates several
 * classes has one key for each, by its place; everything else keeps its name. A model that only rates classes has the
 * place of the best as its `res`.
 */
export function resultOf(
  prediction: Readonly<Record<string, unknown>>,
  outputs: readonly TensorInfo[],
): Record<string, string> {
  const { result, classes } = rolesOf(outputs, (name) => Array.isArray(prediction[name]));
  const rated = classes === undefined ? [] : listOf(prediction[classes]);
  const found = result === undefined ? indexOfLargest(rated) : prediction[result];
  const entries: [string, string][] = [[resultKey, textOf(found)]];
  for (const [index, value] of rated.entries()) entries.push([String(index), textOf(value)]);
  for (const { name } of outputs) {
    if (name !== result && name !== classes) entries.push([name, textOf(prediction[name])]);
  }
  return Object.fromEntries(entries);
}

/**
 * The same keys for the predictions that a task writes: key to output or cell of one. Empty, which means every output by
 * its own name, if the model has no output that is one value, or leaves open how many classes it rates.
 */
export function resultFields(outputs: readonly TensorInfo[]): Record<string, string> {
  const { result, classes } = rolesOf(outputs, (name) => widthOf(outputs, name) !== 1);
  const width = classes === undefined ? 0 : widthOf(outputs, classes);
  if (result === undefined || width < 0 || width > classesMax) return {};
  const entries: [string, string][] = [[resultKey, result]];
  for (let cell = 0; cell < width; cell += 1) entries.push([String(cell), `${classes}[${cell}]`]);
  for (const { name } of outputs) {
    if (name !== result && name !== classes) entries.push([name, name]);
  }
  return Object.fromEntries(entries);
}

/** A prediction with more keys is a table, not a rating of classes. */
const classesMax = 100;

function rolesOf(outputs: readonly TensorInfo[], isMany: (name: string) => boolean) {
  return {
    result: outputs.find(({ name }) => !isMany(name))?.name,
    classes: outputs.find(({ name }) => isMany(name))?.name,
  };
}

/** Cells in a row of an output; -1 if that is open. */
function widthOf(outputs: readonly TensorInfo[], name: string): number {
  const [, ...inner] = outputs.find((output) => output.name === name)?.shape ?? [];
  return inner.length > 1 ? -1 : (inner[0] ?? 1);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function indexOfLargest(values: readonly unknown[]): number {
  const numbers = values.map(Number);
  return numbers.indexOf(Math.max(...numbers));
}

/** A value as text; what JSON has no number for is empty. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
