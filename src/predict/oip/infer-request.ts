import { JsonWriter } from '../json-writer.js';
import type { Feed } from '../row-collector.js';

/** An input as the server names its type. */
export interface RequestInput {
  readonly feed: Feed;
  readonly datatype: string;
}

/**
 * The body of an inference request, valid until the next one is written: tensors as flat arrays, float32 in its shortest
 * decimal. Without names of outputs the server gives all.
 */
export class InferRequest {
  readonly #json = new JsonWriter();

  write(inputs: readonly RequestInput[], outputs: readonly string[]): Buffer {
    const json = this.#json;
    json.reset();
    raw(json, '{"inputs":[');
    for (const [index, input] of inputs.entries()) {
      if (index > 0) raw(json, ',');
      writeInput(json, input);
    }
    raw(json, ']');
    if (outputs.length > 0) {
      raw(json, `,"outputs":${JSON.stringify(outputs.map((name) => ({ name })))}`);
    }
    raw(json, '}');
    return json.bytes.subarray(0, json.length);
  }
}

function writeInput(json: JsonWriter, { feed, datatype }: RequestInput): void {
  const { name, dims } = feed;
  raw(json, `${JSON.stringify({ name, shape: dims, datatype }).slice(0, -1)},"data":[`);
  writeCells(json, feed);
  raw(json, ']}');
}

function writeCells(json: JsonWriter, { data, type }: Feed): void {
  const { length } = data;
  for (let i = 0; i < length; i++) {
    if (i > 0) json.byte(COMMA);
    const cell = data[i];
    if (type === 'float32') json.float(cell as number);
    else if (type === 'bool') json.boolean(Boolean(cell));
    else if (typeof cell === 'string') json.text(cell);
    else if (typeof cell === 'bigint') raw(json, String(cell));
    else json.double(cell as number);
  }
}

const COMMA = 0x2c;

function raw(json: JsonWriter, text: string): void {
  json.raw(Buffer.from(text));
}
