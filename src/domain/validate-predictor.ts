import type { OnnxDraft, PredictorDraft, SinkDraft, SymetryDraft } from './draft.js';
import { limits } from './limits.js';
import { resourceIdFault, shown } from './names.js';
import {
  formats,
  type OnnxPredictor,
  type Predictor,
  type Sink,
  type SymetryPredictor,
} from './task.js';
import { keep, readUrl } from './validate-source.js';
import type { SpecContext } from './validate-spec.js';
import { choice, type Place, pairs, text, topic } from './validate-value.js';

/** Reads the predictor of a draft. Whether its model exists and fits is for those who can look. */
export function readPredictor(
  given: PredictorDraft | undefined,
  { faults, path, context }: Place & { readonly context: SpecContext },
): Predictor {
  if (given?.symetry) {
    if (given.onnx) faults.add(path, 'CONFLICT', 'Give either onnx or symetry.');
    return readSymetry(given.symetry, { faults, path: `${path}.symetry`, context });
  }
  if (!given?.onnx)
    faults.add(path, 'REQUIRED', 'Say what scores the records: give onnx or symetry.');
  const place = { faults, path: `${path}.onnx` };
  const draft = given?.onnx ?? {};
  return {
    type: 'onnx',
    model: given?.onnx
      ? readModel(draft.model ?? '', { ...place, path: `${place.path}.model`, context })
      : '',
    ...readColumns(draft, place),
    missingAsNan: draft.missingAsNan ?? false,
  };
}

function readSymetry(
  draft: SymetryDraft,
  { faults, path, context }: Place & { readonly context: SpecContext },
): SymetryPredictor {
  const required = (value: string | undefined, name: string) => {
    const place = { faults, path: `${path}.${name}` };
    if (!value) faults.add(place.path, 'REQUIRED', 'Give it.');
    return text(value ?? '', { ...place, charsMax: limits.nameCharsMax });
  };
  const { previous } = context;
  const keyPath = `${path}.secret_key`;
  const kept = previous?.predictor.type === 'symetry' ? previous.predictor.secretKey : undefined;
  const secretKey = keep(draft.secretKey ?? '', kept, { faults, path: keyPath });
  if (!/^[A-Za-z0-9+/]{22}==$/.test(secretKey) && faults.spares(keyPath)) {
    faults.add(keyPath, 'INVALID_KEY', 'Give the 16 bytes of the key in Base64.');
  }
  if (!draft.url) faults.add(`${path}.url`, 'REQUIRED', 'Give the root of the SymetryML server.');
  return {
    type: 'symetry',
    url: readUrl(draft.url ?? '', { faults, path: `${path}.url`, context }),
    user: required(draft.user, 'user'),
    secretKey,
    project: required(draft.project, 'project'),
    model: required(draft.model, 'model'),
    features: readFeatures(draft.features ?? [], { faults, path: `${path}.features` }),
  };
}

/** Reads which fields of a record the model takes. */
export function readColumns(
  draft: OnnxDraft,
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

/** Reads where predictions go. */
export function readSink(given: SinkDraft | undefined, { faults, path }: Place): Sink {
  if (!given) faults.add(path, 'REQUIRED', 'Say where predictions go.');
  return {
    topic: given ? topic(given.topic, { faults, path: `${path}.topic` }) : '',
    format: choice(given?.format, { faults, path: `${path}.format`, of: formats }),
    fields: pairs(given?.fields, {
      faults,
      path: `${path}.fields`,
      max: limits.sinkFieldsMax,
      charsMax: limits.fieldNameCharsMax,
    }),
  };
}

/** Reads the id of one of the owner's models, or its resource name. */
export function readModel(
  given: string,
  { faults, path, context }: Place & { readonly context: Pick<SpecContext, 'user'> },
): string {
  const name = /^users\/([^/]+)\/models\/([^/]+)$/.exec(given);
  if (name && name[1] !== context.user && name[1] !== 'me') {
    const description = `The model must be one of users/${context.user}. Upload it there first.`;
    faults.add(path, 'FOREIGN_MODEL', description);
    return '';
  }
  const id = name?.[2] ?? given;
  faults.take(resourceIdFault(path, id));
  return id;
}

function readFeatures(features: readonly string[], { faults, path }: Place): readonly string[] {
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
