/** An uploaded, immutable, content-addressed predictor file. */
export interface Model {
  readonly id: number;
  readonly uid: string;
  readonly user: string;
  readonly name: string;
  /** Of the file, in lower-case hexadecimal; also its name in the model directory. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly createdAt: number;
}

/** A model by its name among its owner's models, and the bytes that the name stood for; empty if they are not known. */
export interface ModelRef {
  readonly name: string;
  readonly sha256: string;
}

export interface TensorInfo {
  readonly name: string;
  /** Element type as ONNX names it: `float32`, `int64`, `string`, … */
  readonly type: string;
  /** -1 where the size is open. */
  readonly shape: readonly number[];
}
