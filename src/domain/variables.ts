import type { FieldViolation } from './errors.js';
import { shown } from './names.js';
import type { TaskSpec } from './task.js';

/** `${name}` in a text of a spec: its value comes with the call that starts a sequence. */
const variable = /\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}/g;

/** The text with a plain letter for every variable: what its form is, whatever the values will be. */
export function withoutVariables(text: string): string {
  return text.replace(variable, 'x');
}

/**
 * Fills the variables in. Those without a value stay as they are. Addresses, credentials, the model and client settings
 * take none: a caller who may start a task must not redirect it to another cluster by a value.
 */
export function fillVariables(spec: TaskSpec, values: ReadonlyMap<string, string>): TaskSpec {
  const fill = (text: string) =>
    text.replace(variable, (written, name: string) => values.get(name) ?? written);
  const fillAll = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fill(text)]));
  const { source, sink, predictor } = spec;
  return {
    ...spec,
    source: { ...source, topic: fill(source.topic), consumerGroup: fill(source.consumerGroup) },
    sink: { ...sink, topic: fill(sink.topic), fields: fillAll(sink.fields) },
    predictor: {
      ...predictor,
      features: predictor.features.map(fill),
      ...(predictor.type === 'onnx' ? { inputs: fillAll(predictor.inputs) } : {}),
    },
    deadLetterTopic: fill(spec.deadLetterTopic),
  };
}

/** The topics that cannot be used yet because a variable in them has no value. */
export function unfilledFaults(spec: TaskSpec, path: string): readonly FieldViolation[] {
  const topics = [
    ['source.topic', spec.source.topic],
    ['sink.topic', spec.sink.topic],
    ['dead_letter_topic', spec.deadLetterTopic],
  ] as const;
  return topics.flatMap(([field, topic]) => {
    const name = topic.match(variable)?.[0];
    if (name === undefined) return [];
    const description = `"${shown(topic)}" has no value for ${name}. Start it in a sequence that gives one.`;
    return [{ field: `${path}.${field}`, reason: 'VARIABLE_MISSING', description }];
  });
}
