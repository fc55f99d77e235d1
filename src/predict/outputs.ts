import type { Tensor } from 'onnxruntime-node';

/** What a model says of some records, by the names of its outputs. A map, since an output may be named as an object's own insides. */
export type Outputs = ReadonlyMap<string, Tensor>;
