import type { TensorInfo } from './model.js';

/** An output of a model, or one cell in each of its rows. */
export interface OutputCell {
  readonly output: string;
  /** From 0; absent: the whole row. */
  readonly cell?: number;
}

/** Finds what `label` or `probabilities[1]` names; undefined if the model does not have it. */
export function resolveOutput(
  outputs: readonly TensorInfo[],
  text: string,
): OutputCell | undefined {
  if (outputs.some(({ name }) => name === text)) return { output: text };
  const groups = /^(?<output>.+)\[(?<cell>\d{1,6})\]$/.exec(text)?.groups;
  const found = outputs.find(({ name }) => name === groups?.output);
  if (!found) return undefined;
  const cell = Number(groups?.cell);
  const [, columns = 1] = found.shape;
  const isThere = found.shape.length <= 2 && (columns < 0 || cell < columns);
  return isThere ? { output: found.name, cell } : undefined;
}
