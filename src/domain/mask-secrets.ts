import type { Predictor, Source, TaskSpec } from './task.js';

/** What reads show in place of a secret, and what a write sends back to keep the stored one. */
export const mask = '***';

/** The spec as it may be shown: every secret that is set reads as `***`. */
export function maskSpec(spec: TaskSpec): TaskSpec {
  return { ...spec, source: maskSource(spec.source), predictor: maskPredictor(spec.predictor) };
}

function maskSource(source: Source): Source {
  const auth = source.schemaRegistryAuth;
  return {
    ...source,
    ...(auth ? { schemaRegistryAuth: { ...auth, password: masked(auth.password) } } : {}),
    ...(source.sasl ? { sasl: { ...source.sasl, password: masked(source.sasl.password) } } : {}),
    ...(source.tls ? { tls: { ...source.tls, key: masked(source.tls.key) } } : {}),
  };
}

function maskPredictor(predictor: Predictor): Predictor {
  if (predictor.type === 'symetry') {
    return { ...predictor, secretKey: masked(predictor.secretKey) };
  }
  if (predictor.type === 'onnx') return predictor;
  const { basic, bearerToken } = predictor;
  return {
    ...predictor,
    bearerToken: masked(bearerToken),
    ...(basic ? { basic: { ...basic, password: masked(basic.password) } } : {}),
  };
}

function masked(secret: string): string {
  return secret === '' ? '' : mask;
}
