import { type BadRecord, badRecord } from '../bad-record.js';
import type { DataFrame } from './predict-call.js';

type Fields = Readonly<Record<string, unknown>>;

/** Why a record has no row, or undefined. Without names every field is sent, and all have to be single values. */
export function rowFault(fields: Fields, features: readonly string[]): BadRecord | undefined {
  const names = features.length > 0 ? features : Object.keys(fields);
  if (names.length === 0) return badRecord('FIELD_MISSING', 'The record has no fields.');
  for (const name of names) {
    const value = fieldOf(fields, name);
    if (typeof value === 'object' && value !== null && !isBytes(value)) {
      return badRecord('WRONG_TYPE', `${name} is not a single value.`);
    }
  }
  return undefined;
}

/**
 * Makes a table of records that have rows. A column of numbers is C, one of truth values B, any other S. What a record
 * does not have is an empty cell, which the server fills in.
 */
export function frameOf(records: readonly Fields[], features: readonly string[]): DataFrame {
  const attributeNames =
    features.length > 0 ? features : [...new Set(records.flatMap((fields) => Object.keys(fields)))];
  return {
    attributeNames,
    attributeTypes: attributeNames.map((name) =>
      columnType(records.map((fields) => fieldOf(fields, name))),
    ),
    data: records.map((fields) => attributeNames.map((name) => cellOf(fieldOf(fields, name)))),
  };
}

function columnType(values: readonly unknown[]): string {
  const types = new Set(values.filter((value) => value !== null).map((value) => typeof value));
  types.delete('undefined');
  if (types.size !== 1) return types.size === 0 ? 'C' : 'S';
  if (types.has('number')) return 'C';
  return types.has('boolean') ? 'B' : 'S';
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return isBytes(value) ? value.toString('utf8') : String(value);
}

function fieldOf(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isBytes(value: unknown): value is Buffer {
  return Buffer.isBuffer(value);
}
