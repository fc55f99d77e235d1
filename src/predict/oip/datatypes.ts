/** Element types of ONNX by those of the Open Inference Protocol. JSON has numbers of no half precision: they are single. */
const byDatatype: ReadonlyMap<string, string> = new Map([
  ['BOOL', 'bool'],
  ['INT8', 'int8'],
  ['INT16', 'int16'],
  ['INT32', 'int32'],
  ['INT64', 'int64'],
  ['UINT8', 'uint8'],
  ['UINT16', 'uint16'],
  ['UINT32', 'uint32'],
  ['UINT64', 'uint64'],
  ['FP16', 'float32'],
  ['FP32', 'float32'],
  ['FP64', 'float64'],
  ['BYTES', 'string'],
]);

/** Undefined if it is none that records can feed or predictions show. */
export function typeOfDatatype(datatype: string): string | undefined {
  return byDatatype.get(datatype);
}
