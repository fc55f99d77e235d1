import type { PredictorDraft, SinkDraft, SymetryDraft } from './draft.js';
import { limits } from './limits.js';
import { resourceIdFault } from './names.js';
import { elsewhere, urlReceiver } from './secret-place.js';
import { formats, type Predictor, type Sink, type SymetryPredictor } from './task.js';
import { readColumns, readFeatures } from './validate-columns.js';
import { readOip } from './validate-oip.js';
import { keep } from './validate-secret.js';
import { readUrl } from './validate-source.js';
import type { SpecContext } from './validate-value.js';
import { choice, type Place, pairs, text, topic } from './validate-value.js';

/** Reads the predictor of a draft. Whether its model exists and fits is for those who can look. */
export function readPredictor(
  given: PredictorDraft | undefined,
  { faults, path, context }: Place & { readonly context: SpecContext },
): Predictor {
  const kinds = Object.values(given ?? {}).filter((draft) => draft !== undefined);
  if (kinds.length > 1) faults.add(path, 'CONFLICT', 'Give one of onnx, symetry and oip.');
  if (given?.symetry) {
    return readSymetry(given.symetry, { faults, path: `${path}.symetry`, context });
  }
  if (given?.oip) return readOip(given.oip, { faults, path: `${path}.oip`, context });
  if (!given?.onnx)
    faults.add(path, 'REQUIRED', 'Say what scores the records: give onnx, symetry or oip.');
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
  const before = context.previous?.predictor;
  const previous = before?.type === 'symetry' ? before : undefined;
  const keyPath = `${path}.secret_key`;
  const secretKey = keep(draft.secretKey ?? '', previous?.secretKey, {
    faults,
    path: keyPath,
    elsewhere: previous && elsewhere(urlReceiver(draft.url), urlReceiver(previous.url)),
  });
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
