import type { ScanReason } from './scan-reference.js';

/** Why a record cannot be predicted; UPPER_SNAKE, written to the dead-letter topic. */
export type BadRecordReason =
  | Exclude<ScanReason, 'NO_VALUE'>
  | 'TOMBSTONE'
  | 'EMPTY'
  | 'NOT_FRAMED'
  | 'SCHEMA_UNKNOWN'
  | 'SCHEMA_NOT_ALLOWED'
  | 'INVALID_AVRO'
  | 'NOT_FINITE'
  | 'MODEL_ERROR'
  | 'MODEL_HUNG'
  | 'MODEL_CRASHED'
  | 'TOO_LARGE'
  | 'TIME_REFUSED'
  | 'KEY_MISSING';

/** A record that cannot be predicted, and why. A value, not an error: bad records are part of the work. */
export interface BadRecord {
  readonly reason: BadRecordReason;
  /** A sentence that names the field. */
  readonly message: string;
}

/** Makes one. */
export function badRecord(reason: BadRecordReason, message: string): BadRecord {
  return { reason, message };
}
