import type { TaskDraft } from './draft.js';
import type { FieldViolation } from './errors.js';
import { Faults } from './faults.js';
import { limits } from './limits.js';
import { shown } from './names.js';
import type { Task } from './task.js';
import { validateSpec } from './validate-spec.js';
import type { SpecContext } from './validate-value.js';
import { text } from './validate-value.js';

/** What the user defines of a task. */
export type Definition = Pick<Task, 'displayName' | 'labels' | 'spec'>;

/**
 * Checks a task as `validateSpec` does its spec. `context.path` is that of the task in the request, empty if the task
 * is what the caller sees as a whole.
 */
export function validateTask(
  draft: TaskDraft,
  context: SpecContext,
): { readonly definition: Definition; readonly faults: readonly FieldViolation[] } {
  const faults = new Faults();
  const at = (field: string) => (context.path === '' ? field : `${context.path}.${field}`);
  const displayName = text(draft.displayName ?? '', {
    faults,
    path: at('display_name'),
    charsMax: limits.displayNameCharsMax,
  });
  const labels = readLabels(draft.labels ?? {}, faults, at('labels'));
  const { spec, faults: specFaults } = validateSpec(draft.spec, { ...context, path: at('spec') });
  faults.take(...specFaults);
  return { definition: { displayName, labels, spec }, faults: faults.list };
}

function readLabels(
  labels: Readonly<Record<string, string>>,
  faults: Faults,
  path: string,
): Readonly<Record<string, string>> {
  const entries = Object.entries(labels);
  if (entries.length > limits.labelsMax) {
    const description = `There are ${entries.length}. Use at most ${limits.labelsMax}.`;
    faults.add(path, 'TOO_MANY', description);
  }
  for (const [key, value] of entries.slice(0, limits.labelsMax)) {
    const place = { faults, path: `${path}["${shown(key)}"]`, charsMax: limits.labelCharsMax };
    if (!/^[a-zA-Z0-9][\w./-]*$/.test(key)) {
      const description = `"${shown(key)}" is no key of a label. Use a-z A-Z 0-9 _ . / -, beginning with a letter or digit.`;
      faults.add(place.path, 'INVALID_KEY', description);
    } else text(key, place);
    text(value, place);
  }
  return Object.fromEntries(entries);
}
