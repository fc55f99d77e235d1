import { basename } from 'node:path';
import { createEgressPolicy } from '../domain/egress.js';
import type { TaskSpec } from '../domain/task.js';
import { createSocketFactory } from '../kafka/egress.js';
import { openFormats } from '../predict/formats.js';
import { Scorer } from '../predict/scorer.js';
import { bindSignature } from '../predict/signature.js';
import { RunnerError } from './failure.js';
import type { ModelFile } from './messages.js';

/** A model file, and the task that it is to score for. */
export interface ModelSources {
  readonly spec: TaskSpec;
  readonly model: ModelFile;
  readonly allowEgress: readonly string[];
}

/** Loads a model file for a task. MODEL_MISMATCH or MODEL_LOAD_FAILED if it cannot score for it. */
export async function loadModel({ spec, model, allowEgress }: ModelSources): Promise<Scorer> {
  const { predictor } = spec;
  if (predictor.type !== 'onnx') {
    throw new RunnerError('MODEL_MISMATCH', 'The task is not scored with an uploaded model.');
  }
  const bound = bindSignature(model, { ...spec, predictor });
  if ('faults' in bound) {
    throw new RunnerError(
      'MODEL_MISMATCH',
      bound.faults[0]?.description ?? 'The model does not fit.',
    );
  }
  const formats = await openFormats(spec, {
    bindings: bound.signature.outputs,
    outputs: model.outputs,
    socketFactory: createSocketFactory(createEgressPolicy([], allowEgress)),
  });
  try {
    return await Scorer.load({
      ...formats,
      path: model.path,
      inputs: model.inputs,
      signature: bound.signature,
      missingAsNan: predictor.missingAsNan,
    });
  } catch (error) {
    // Users see it; where the service keeps its files is not theirs to know.
    const told = String(error).replaceAll(model.path, basename(model.path));
    throw new RunnerError('MODEL_LOAD_FAILED', `The model cannot be loaded: ${told}`);
  }
}
