import type { Predictor, Source, TaskSpec } from './task.js';

/** Makes another text of a secret; `field` says which one it is. */
type MapSecret = (secret: string, field: string) => string;

/** The one list of what is secret in a spec. Empty texts stay empty: they say that nothing was given. */
export function mapSecrets(spec: TaskSpec, map: MapSecret): TaskSpec {
  const { source: given, predictor } = spec;
  const { sasl, tls, schemaRegistryAuth: auth } = given;
  const mapped: MapSecret = (secret, field) => (secret === '' ? '' : map(secret, field));
  const source: Source = {
    ...given,
    ...(sasl && { sasl: { ...sasl, password: mapped(sasl.password, 'sasl.password') } }),
    ...(tls && { tls: { ...tls, key: mapped(tls.key, 'tls.key') } }),
    ...(auth && {
      schemaRegistryAuth: { ...auth, password: mapped(auth.password, 'schemaRegistryAuth') },
    }),
  };
  return { ...spec, source, predictor: mapPredictor(predictor, mapped) };
}

function mapPredictor(predictor: Predictor, mapped: MapSecret): Predictor {
  switch (predictor.type) {
    case 'onnx':
      return predictor;
    case 'symetry': {
      const secretKey = mapped(predictor.secretKey, 'predictor.secretKey');
      return { ...predictor, secretKey };
    }
    case 'oip': {
      const { basic } = predictor;
      const bearerToken = mapped(predictor.bearerToken, 'predictor.bearerToken');
      if (!basic) return { ...predictor, bearerToken };
      const password = mapped(basic.password, 'predictor.basic.password');
      return { ...predictor, bearerToken, basic: { ...basic, password } };
    }
  }
}
