import type { OnnxDraft } from './draft.js';
import { limits } from './limits.js';
import { shown } from './names.js';
import type { OnnxPredictor } from './task.js';
import { type Place, pairs, text } from './validate-value.js';

/** Reads which fields of a record the model takes. */
export function readColumns(
  draft: Pick<OnnxDraft, 'features' | 'inputs'>,
  { faults, path }: Place,
): Pick<OnnxPredictor, 'features' | 'inputs'> {
  const features = readFeatures(draft.features ?? [], { faults, path: `${path}.features` });
  const inputs = pairs(draft.inputs, {
    faults,
    path: `${path}.inputs`,
    max: limits.featuresMax,
    charsMax: limits.fieldNameCharsMax,
  });
  if (features.length > 0 && Object.keys(inputs).length > 0) {
    const description = 'Give either features (a model with one input) or inputs (with several).';
    faults.add(`${path}.inputs`, 'CONFLICT', description);
  }
  return { features, inputs };
}

/** Reads names of a record's fields in the order in which a model takes them. */
export function readFeatures(
  features: readonly string[],
  { faults, path }: Place,
): readonly string[] {
  if (features.length > limits.featuresMax) {
    const description = `There are ${features.length}. Use at most ${limits.featuresMax}.`;
    faults.add(path, 'TOO_MANY', description);
    return [];
  }
  const seen = new Set<string>();
  for (const [index, name] of features.entries()) {
    const at = `${path}[${index}]`;
    if (name === '') faults.add(at, 'REQUIRED', 'Name a field of the record.');
    else text(name, { faults, path: at, charsMax: limits.fieldNameCharsMax });
    if (seen.has(name)) {
      faults.add(at, 'DUPLICATE', `"${shown(name)}" is named twice. Name each field once.`);
    }
    seen.add(name);
  }
  return [...features];
}
