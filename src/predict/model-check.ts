import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import type { TensorInfo } from '../domain/model.js';
import { inspectOnnx } from './onnx-file.js';
import { loadSession, zeroFeeds } from './scorer.js';

/** A model that the service does not take, with a sentence that says why. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError';
}

/**
 * Inspects a model file, loads it, runs it once on zeros and reads its signature. Native code may hang or abort the process:
 * call it in one that may die.
 */
export async function checkModel(
  path: string,
  allow: { readonly loops: boolean },
): Promise<{ inputs: TensorInfo[]; outputs: TensorInfo[] }> {
  const { fault, controlFlow } = inspectOnnx(await readFile(path));
  if (fault) throw new ModelRefusedError(fault.message);
  if (controlFlow.length > 0 && !allow.loops) {
    const operators = controlFlow.join(', ');
    throw new ModelRefusedError(
      `It contains ${operators}, which may never end; the operator of the service can allow that.`,
    );
  }
  const session = await load(path);
  const inputs = session.inputMetadata.map(tensorInfo);
  const outputs = session.outputMetadata.map(tensorInfo);
  if (outputs.some(({ name }) => name === unreadable)) {
    throw new ModelRefusedError(
      `An output is named ${unreadable}, which onnxruntime cannot answer in JavaScript; rename it.`,
    );
  }
  // A loop that is allowed may still never end; its task is watched, an upload is not.
  if (controlFlow.length === 0) await runOnce(session, inputs);
  await session.release();
  return { inputs, outputs };
}

/** onnxruntime answers an object with a member for each output; this one is lost on it. */
const unreadable = '__proto__';

async function load(path: string): Promise<InferenceSession> {
  try {
    return await loadSession(path);
  } catch (error) {
    throw new ModelRefusedError(`It cannot be loaded: ${plain(error)}`);
  }
}

async function runOnce(session: InferenceSession, inputs: readonly TensorInfo[]): Promise<void> {
  try {
    await session.run(zeroFeeds(inputs));
  } catch (error) {
    const open = inputs.some(({ shape }) => shape.slice(1).some((size) => size < 0));
    if (!open) throw new ModelRefusedError(`It fails on zeros: ${plain(error)}`);
  }
}

function tensorInfo(metadata: InferenceSession.ValueMetadata): TensorInfo {
  const { name } = metadata;
  if (!metadata.isTensor) {
    throw new ModelRefusedError(
      `${name} is a sequence or map, not a tensor; convert the model with zipmap off.`,
    );
  }
  const shape = metadata.shape.map((size) => (typeof size === 'number' ? size : -1));
  return { name, type: metadata.type, shape };
}

/** onnxruntime's messages carry paths and source lines of its own. */
function plain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/(?:\/[\w.-]+){2,}/g, 'the file').slice(0, 500);
}
