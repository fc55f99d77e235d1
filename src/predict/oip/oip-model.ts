import type { ISocketFactory } from 'kafkajs';
import { Faults } from '../../domain/faults.js';
import { checkRawOutputs } from '../../domain/fit-float32.js';
import type { TensorInfo } from '../../domain/model.js';
import type { OipPredictor, Sink, TaskSpec } from '../../domain/task.js';
import { type FormatSpec, openWriter } from '../formats.js';
import { PredictionWriter, type RowWriter } from '../prediction-writer.js';
import { PredictorRefusedError } from '../remote/errors.js';
import { bindSignature, type Signature } from '../signature.js';
import type { OipMetadata, OipTensor } from './oip-server.js';

/** The part of a task's spec that scoring by a server takes. */
export interface OipSpec {
  readonly predictor: OipPredictor;
  readonly source: FormatSpec['source'];
  readonly sink: Pick<Sink, 'topic' | 'format' | 'fields'>;
  readonly onBadRecord?: TaskSpec['onBadRecord'];
}

/** What a server leaves open about its inputs is one of this name, which servers that do so do not look at. */
const openInput: OipTensor = {
  name: 'input-0',
  type: 'float32',
  datatype: 'FP32',
  shape: [-1, -1],
};

/** The inputs of a model, guessed where the server does not say. */
export function inputsOf({ inputs }: OipMetadata, { predictor }: OipSpec): readonly OipTensor[] {
  if (inputs.length > 0) return inputs;
  if (Object.keys(predictor.inputs).length === 0) return [openInput];
  const message = 'The server does not say which inputs the model has, so that none can be mapped.';
  throw new PredictorRefusedError(message);
}

/** How records feed the model. PredictorRefusedError if they cannot. */
export function bindRecords(
  {
    inputs,
    outputs,
  }: { readonly inputs: readonly OipTensor[]; readonly outputs: readonly TensorInfo[] },
  spec: OipSpec,
): Signature {
  const { features, inputs: mapped, model } = spec.predictor;
  const predictor = { type: 'onnx', model, features, inputs: mapped, missingAsNan: false } as const;
  const bound = bindSignature({ inputs, outputs }, { ...spec, predictor });
  if ('signature' in bound) return bound.signature;
  throw new PredictorRefusedError(bound.faults[0]?.description ?? 'The model does not fit.');
}

/** Outputs that a server does not list until it answers: those that the sink selects, or any. */
export function guessedOutputs({ sink }: OipSpec): readonly TensorInfo[] {
  const names = Object.values(sink.fields).map((name) => name.replace(/\[\d+\]$/, ''));
  const guessed = names.length > 0 ? [...new Set(names)] : ['any'];
  return guessed.map((name) => ({ name, type: 'float32', shape: [-1, -1] }));
}

/** What writes predictions of these outputs. PredictorRefusedError if its format cannot. */
export async function writerFor(
  {
    signature,
    outputs,
  }: { readonly signature: Signature; readonly outputs: readonly TensorInfo[] },
  spec: OipSpec,
  socketFactory: ISocketFactory,
): Promise<RowWriter> {
  if (spec.sink.format === 'FLOAT32') {
    const faults = new Faults();
    checkRawOutputs(spec.sink, { outputs }, { faults, path: 'sink' });
    const [fault] = faults.list;
    if (fault) throw new PredictorRefusedError(fault.description);
  }
  const context = { bindings: signature.outputs, outputs, socketFactory };
  return (await openWriter(spec, context)) ?? new PredictionWriter(signature.outputs);
}
