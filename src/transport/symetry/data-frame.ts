import { create, type JsonValue } from '@bufbuild/protobuf';
import {
  type DataFrame,
  DataFrameSchema,
} from '../../../gen/ts/symetry/v1/prediction_service_pb.js';
import { parseJsonBody } from '../rest/http/json-text.js';
import type { RestCall } from '../rest/rest-call.js';
import { refuse } from './refusal.js';

/** Rows to score, as records with named fields. */
export interface Records {
  /** Columns that are used, in their order. */
  readonly features: readonly string[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** Reads the JSON body of a prediction. */
export function readDataFrame(call: RestCall): DataFrame {
  const json = parseJsonBody(call.request.body, depthMax);
  if (!isObject(json)) throw malformed('is not a JSON object');
  const { data = [] } = json;
  if (!Array.isArray(data)) throw malformed('data is not an array');
  return create(DataFrameSchema, {
    attributeNames: textsOf(json.attributeNames ?? [], 'attributeNames'),
    attributeTypes: textsOf(json.attributeTypes ?? [], 'attributeTypes'),
    data: data.map((row, index) => ({ cells: textsOf(row, `data[${index}]`) })),
  });
}

/** Reads the cells of a data frame by the types of their columns. */
export function recordsOf({ attributeNames, attributeTypes, data }: DataFrame): Records {
  if (attributeNames.length === 0) throw malformed('attributeNames is empty');
  if (attributeTypes.length !== attributeNames.length) {
    throw malformed('attributeTypes does not have as many types as there are attributeNames');
  }
  if (new Set(attributeNames).size !== attributeNames.length) {
    throw malformed('attributeNames names an attribute twice');
  }
  const columns = attributeNames.map((name, index) => columnOf(name, attributeTypes[index] ?? ''));
  const rows = data.map(({ cells }, row) => {
    if (cells.length !== columns.length) {
      throw malformed(`data[${row}] has ${cells.length} cells for ${columns.length} attributes`);
    }
    return Object.fromEntries(
      columns.flatMap(({ name, read }, index) =>
        read ? [[name, read(cells[index] ?? '', `data[${row}][${index}]`)]] : [],
      ),
    );
  });
  return { features: columns.flatMap(({ name, read }) => (read ? [name] : [])), rows };
}

/** Arrays in an array in an object. */
const depthMax = 4;

type CellReader = (cell: string, where: string) => string | number;

/** How the types of columns are read; without a reader a column is not used. */
const readers: ReadonlyMap<string, CellReader | undefined> = new Map<
  string,
  CellReader | undefined
>([
  ['C', numberOf],
  ['B', numberOf],
  ['S', (cell) => cell],
  ['T', (cell) => cell.trim().toLowerCase()],
  ['X', undefined],
]);

function columnOf(name: string, type: string) {
  if (!readers.has(type)) {
    throw malformed('attributeTypes has a type that is not C, B, S, T or X');
  }
  return { name, read: readers.get(type) };
}

function numberOf(cell: string, where: string): number {
  const number = Number(cell);
  if (cell.trim() !== '' && Number.isFinite(number)) return number;
  throw malformed(`${where} is not a number`);
}

function textsOf(json: JsonValue, what: string): string[] {
  if (!Array.isArray(json)) throw malformed(`${what} is not an array`);
  return json.map((cell) => {
    if (cell === null) return '';
    if (typeof cell === 'object') throw malformed(`${what} holds more than texts and numbers`);
    return String(cell);
  });
}

function isObject(json: JsonValue): json is { [name: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function malformed(what: string): Error {
  return refuse({ status: 400, statusString: `DataFrame: ${what}` });
}
