/** What a model file would do that this service does not let it do. */
export interface OnnxFault {
  readonly reason: 'NOT_ONNX' | 'EXTERNAL_DATA' | 'CUSTOM_OPERATOR' | 'CONTROL_FLOW';
  /** A sentence with what to do. */
  readonly message: string;
}

export interface OnnxFacts {
  /** The first fault, if there is one. */
  readonly fault?: OnnxFault;
  /** Operators that repeat or choose parts of the graph; a loop may never end. */
  readonly controlFlow: readonly string[];
}

/** Operators that come with onnxruntime; any other domain needs a library that is not there. */
const knownDomains = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);
const controlFlow = new Set(['Loop', 'Scan', 'If']);
/** Graphs within graphs; real models have two or three levels. */
const DEPTH_MAX = 32;

/**
 * Looks through an ONNX file without loading it: a Protocol Buffers message, of which only the fields that can do harm are read.
 * The file is not trusted: every length is checked, and nesting is bounded.
 */
export function inspectOnnx(file: Buffer): OnnxFacts {
  const found = new Findings();
  try {
    readModel(file, found);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { fault: notOnnx(error.message), controlFlow: [] };
  }
  if (!found.hasGraph) return { fault: notOnnx('it has no graph'), controlFlow: [] };
  const fault = found.fault();
  return { ...(fault ? { fault } : {}), controlFlow: [...found.controlFlow] };
}

class Findings {
  hasGraph = false;
  external = '';
  readonly controlFlow = new Set<string>();
  readonly domains = new Map<string, string>();
  /** Domains of the functions that the model brings along. */
  readonly own = new Set<string>();

  fault(): OnnxFault | undefined {
    if (this.external) {
      const message = `Its tensor ${this.external} lies in another file. Save the model in one file.`;
      return { reason: 'EXTERNAL_DATA', message };
    }
    for (const [domain, operator] of this.domains) {
      if (knownDomains.has(domain) || this.own.has(domain)) continue;
      const message = `It needs the custom operator ${domain}.${operator}, which is not installed.`;
      return { reason: 'CUSTOM_OPERATOR', message };
    }
    return undefined;
  }
}

function notOnnx(why: string): OnnxFault {
  return { reason: 'NOT_ONNX', message: `The file is no ONNX model: ${why}.` };
}

/** Field numbers of onnx.proto. */
const Model = { GRAPH: 7, FUNCTIONS: 25 } as const;
const Graph = { NODE: 1, INITIALIZER: 5, SPARSE_INITIALIZER: 15 } as const;
const Node = { OP_TYPE: 4, ATTRIBUTE: 5, DOMAIN: 7 } as const;
const Attribute = {
  TENSOR: 5,
  GRAPH: 6,
  TENSORS: 10,
  GRAPHS: 11,
  SPARSE: 22,
  SPARSES: 23,
} as const;
const Tensor = { NAME: 8, EXTERNAL_DATA: 13, DATA_LOCATION: 14 } as const;
const SparseTensor = { VALUES: 1, INDICES: 2 } as const;
const FunctionDefinition = { NODE: 7, DOMAIN: 10 } as const;

function readModel(file: Buffer, found: Findings): void {
  for (const field of fields(file)) {
    if (field.number === Model.GRAPH) {
      found.hasGraph = true;
      readGraph(field.bytes, found, 0);
    }
    if (field.number === Model.FUNCTIONS) readFunction(field.bytes, found);
  }
}

function readFunction(bytes: Buffer, found: Findings): void {
  for (const field of fields(bytes)) {
    if (field.number === FunctionDefinition.NODE) readNode(field.bytes, found, 0);
    if (field.number === FunctionDefinition.DOMAIN) found.own.add(field.bytes.toString());
  }
}

function readGraph(bytes: Buffer, found: Findings, depth: number): void {
  if (depth > DEPTH_MAX) throw new MalformedError('its graphs are nested too deep');
  for (const field of fields(bytes)) {
    if (field.number === Graph.NODE) readNode(field.bytes, found, depth);
    if (field.number === Graph.INITIALIZER) readTensor(field.bytes, found);
    if (field.number === Graph.SPARSE_INITIALIZER) readSparse(field.bytes, found);
  }
}

function readNode(bytes: Buffer, found: Findings, depth: number): void {
  let operator = '';
  let domain = '';
  for (const field of fields(bytes)) {
    if (field.number === Node.OP_TYPE) operator = field.bytes.toString();
    if (field.number === Node.DOMAIN) domain = field.bytes.toString();
    if (field.number === Node.ATTRIBUTE) readAttribute(field.bytes, found, depth);
  }
  if (!found.domains.has(domain)) found.domains.set(domain, operator);
  if (controlFlow.has(operator)) found.controlFlow.add(operator);
}

function readAttribute(bytes: Buffer, found: Findings, depth: number): void {
  for (const { number, bytes: value } of fields(bytes)) {
    if (number === Attribute.TENSOR || number === Attribute.TENSORS) readTensor(value, found);
    if (number === Attribute.SPARSE || number === Attribute.SPARSES) readSparse(value, found);
    if (number === Attribute.GRAPH || number === Attribute.GRAPHS) {
      readGraph(value, found, depth + 1);
    }
  }
}

function readSparse(bytes: Buffer, found: Findings): void {
  for (const { number, bytes: value } of fields(bytes)) {
    if (number === SparseTensor.VALUES || number === SparseTensor.INDICES) readTensor(value, found);
  }
}

function readTensor(bytes: Buffer, found: Findings): void {
  let name = '';
  let external = false;
  for (const field of fields(bytes)) {
    if (field.number === Tensor.NAME) name = field.bytes.toString();
    if (field.number === Tensor.EXTERNAL_DATA) external = true;
    if (field.number === Tensor.DATA_LOCATION && field.value !== 0) external = true;
  }
  if (external) found.external ||= name || 'without a name';
}

/** The bytes are no Protocol Buffers message. */
class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

interface Field {
  readonly number: number;
  /** Of a length-delimited field; else empty. */
  readonly bytes: Buffer;
  /** Of a varint field, its low 32 bits; else 0. */
  readonly value: number;
}

const NO_BYTES = Buffer.alloc(0);
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

function* fields(message: Buffer): Generator<Field> {
  const reader = new WireReader(message);
  while (!reader.atEnd) {
    const tag = reader.varint();
    const number = tag >>> 3;
    if (number === 0) throw new MalformedError('it is damaged or of another kind');
    switch (tag & 7) {
      case VARINT:
        yield { number, bytes: NO_BYTES, value: reader.varint() };
        break;
      case FIXED_64:
        yield { number, bytes: reader.take(8), value: 0 };
        break;
      case LENGTH_DELIMITED:
        yield { number, bytes: reader.take(reader.varint()), value: 0 };
        break;
      case FIXED_32:
        yield { number, bytes: reader.take(4), value: 0 };
        break;
      default:
        throw new MalformedError('it is damaged or of another kind');
    }
  }
}

class WireReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** The low 32 bits. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) break;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new MalformedError('it is cut off');
  }

  take(length: number): Buffer {
    const start = this.#position;
    this.#position += length;
    if (this.#position > this.#bytes.length) throw new MalformedError('it is cut off');
    return this.#bytes.subarray(start, this.#position);
  }
}
