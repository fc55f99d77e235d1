import { Ascii, type ValueRange } from './scan-cursor.js';
import { MAX_JSON_DEPTH } from './scan-skip.js';

/** Which numbers of a record become which columns of the tensor. */
export type NumberLayout =
  | {
      readonly kind: 'FIELDS';
      /** Names of the record's fields, in the order of the columns. */
      readonly names: readonly string[];
      /** True makes NaN of a field that is null or absent; otherwise the record is refused. */
      readonly missingAsNaN?: boolean;
    }
  | {
      readonly kind: 'FEATURES';
      /** Length of the record's array `features`. */
      readonly width: number;
      /** True makes NaN of an element that is null; otherwise the record is refused. */
      readonly missingAsNaN?: boolean;
    };

/** Why a record gives no row of numbers. */
export type ScanReason =
  | 'NO_VALUE'
  | 'INVALID_JSON'
  | 'TOO_DEEP'
  | 'NOT_AN_OBJECT'
  | 'FIELD_MISSING'
  | 'WRONG_TYPE'
  | 'WRONG_LENGTH'
  | 'OUT_OF_RANGE';

export interface ScanFailure {
  readonly reason: ScanReason;
  /** The field at fault, an element of the array as `features[3]`. */
  readonly field?: string;
  /** A sentence for a person. */
  readonly message: string;
}

/** A record's fields, or why there are none. */
export type ParsedRecord =
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly failure: ScanFailure };

/** The field that holds all numbers when no names are given. */
export const FEATURES_FIELD = 'features';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a record's value with `JSON.parse`: for models that take text, and for records the byte
 * scanner leaves. Bytes that are not UTF-8 are refused, where decoding would quietly put
 * replacement characters.
 */
export function parseRecord(range: ValueRange): ParsedRecord {
  if (range.valueLength < 0) {
    return { failure: { reason: 'NO_VALUE', message: 'The record has no value' } };
  }
  const bytes = range.bytes.subarray(range.valueStart, range.valueStart + range.valueLength);
  if (isTooDeep(bytes)) {
    const message = `The record nests arrays and objects deeper than ${MAX_JSON_DEPTH}`;
    return { failure: { reason: 'TOO_DEEP', message } };
  }
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : 'it is not UTF-8';
    return { failure: { reason: 'INVALID_JSON', message: `The record is not JSON: ${detail}` } };
  }
  if (!isObject(value)) {
    const message = `The record is ${kindOf(value)}, not an object`;
    return { failure: { reason: 'NOT_AN_OBJECT', message } };
  }
  return { fields: value };
}

/** A row of a tensor under construction. */
export interface TensorRow {
  readonly out: Float32Array;
  /** Index of the row's first element. */
  readonly at: number;
}

/**
 * Writes a parsed record's numbers into the row; what the byte scanner does, said plainly.
 * Undefined on success; after a failure the row holds nothing of use.
 */
export function readNumbers(
  fields: Readonly<Record<string, unknown>>,
  layout: NumberLayout,
  row: TensorRow,
): ScanFailure | undefined {
  const missingAsNaN = layout.missingAsNaN ?? false;
  if (layout.kind === 'FEATURES') return readFeatures(fields, { ...layout, missingAsNaN }, row);
  for (const [column, field] of layout.names.entries()) {
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    const number = toNumber(value, field, missingAsNaN);
    if (typeof number !== 'number') return number;
    row.out[row.at + column] = number;
  }
  return undefined;
}

function readFeatures(
  fields: Readonly<Record<string, unknown>>,
  layout: { readonly width: number; readonly missingAsNaN: boolean },
  row: TensorRow,
): ScanFailure | undefined {
  const field = FEATURES_FIELD;
  const values = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (values === undefined) return missing(field);
  if (!Array.isArray(values)) {
    const message = `Field ${quote(field)} is ${kindOf(values)}, not an array of numbers`;
    return { reason: 'WRONG_TYPE', field, message };
  }
  if (values.length !== layout.width) {
    const message = `Field ${quote(field)} has ${values.length} elements, not ${layout.width}`;
    return { reason: 'WRONG_LENGTH', field, message };
  }
  for (const [column, value] of values.entries()) {
    row.out[row.at + column] = Number.NaN;
    if (typeof value === 'number') row.out[row.at + column] = value;
    if (Number.isFinite(row.out[row.at + column])) continue;
    const number = toNumber(value, `${field}[${column}]`, layout.missingAsNaN);
    if (typeof number !== 'number') return number;
  }
  return undefined;
}

function toNumber(value: unknown, field: string, missingAsNaN: boolean): number | ScanFailure {
  if (typeof value === 'number') {
    if (Number.isFinite(Math.fround(value))) return value;
    const message = `Field ${quote(field)} is outside the range of float32`;
    return { reason: 'OUT_OF_RANGE', field, message };
  }
  if (value == null && missingAsNaN) return Number.NaN;
  if (value === undefined) return missing(field);
  const message = `Field ${quote(field)} is ${kindOf(value)}, not a number`;
  return { reason: 'WRONG_TYPE', field, message };
}

function missing(field: string): ScanFailure {
  return { reason: 'FIELD_MISSING', field, message: `Field ${quote(field)} is missing` };
}

function quote(field: string): string {
  return JSON.stringify(field);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Counts brackets outside of strings, before the parser sees them. */
function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === Ascii.BACKSLASH) i++;
      else if (byte === Ascii.QUOTE) inString = false;
    } else if (byte === Ascii.QUOTE) inString = true;
    else if (byte === Ascii.OPEN_BRACE || byte === Ascii.OPEN_BRACKET) {
      if (++depth > MAX_JSON_DEPTH) return true;
    } else if (byte === Ascii.CLOSE_BRACE || byte === Ascii.CLOSE_BRACKET) depth--;
  }
  return false;
}
