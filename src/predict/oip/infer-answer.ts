import { Tensor } from 'onnxruntime-node';
import { cellColumn } from '../cells.js';
import { type JsonObject, objectOf } from '../json-object.js';
import type { Outputs } from '../outputs.js';
import { PredictorRefusedError } from '../remote/errors.js';
import { typeOfDatatype } from './datatypes.js';

/** Reads the outputs of an inference. PredictorRefusedError if they are none that the protocol has. */
export function outputsOf(answer: JsonObject): Outputs {
  const { outputs } = answer;
  if (!Array.isArray(outputs)) throw wrong('The answer has no outputs');
  return new Map(outputs.map((output) => tensorOf(objectOf(output) ?? {})));
}

function tensorOf({ name, datatype, shape, data }: JsonObject): [string, Tensor] {
  if (typeof name !== 'string') throw wrong('An output of the answer has no name');
  const what = `Output ${name}`;
  const type = typeOfDatatype(String(datatype));
  if (type === undefined) throw wrong(`${what} is of the type ${datatype}`);
  if (!isShape(shape) || !Array.isArray(data)) throw wrong(`${what} has no shape or data`);
  // Nested arrays are allowed as well as flat ones.
  const cells: readonly unknown[] = data.some(Array.isArray) ? data.flat(shapeMax) : data;
  const count = shape.reduce((product, size) => product * size, 1);
  if (cells.length !== count) {
    throw wrong(`${what} has ${cells.length} values for the shape [${shape.join(',')}]`);
  }
  const column = cellColumn(type, true);
  column.reserve(count);
  for (const [index, cell] of cells.entries()) {
    const fault = column.set(index, cell, what);
    if (fault) throw wrong(fault.message.replace(/\.$/, ''));
  }
  const values = column.data(count) as Float32Array;
  return [name, new Tensor(type as 'float32', values, shape)];
}

/** Deeper nesting than any model's. */
const shapeMax = 16;

function isShape(shape: unknown): shape is number[] {
  return (
    Array.isArray(shape) &&
    shape.length <= shapeMax &&
    shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  );
}

function wrong(what: string): PredictorRefusedError {
  return new PredictorRefusedError(`${what}, which the Open Inference Protocol does not have.`);
}
