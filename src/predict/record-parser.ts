import type { SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from './bad-record.js';
import { parseRecord, type ScanFailure } from './scan-reference.js';

/** A record's named fields, or why there are none. */
export type ParsedFields =
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly bad: BadRecord };

/** Makes named fields of records. */
export interface RecordParser {
  /** Gets what reading these records takes; to be waited for before `parse`. */
  prepare(records: readonly SourceRecord[]): Promise<void>;
  parse(record: SourceRecord): ParsedFields;
}

/** Reads records whose value is a JSON object. */
export const jsonRecords: RecordParser = {
  async prepare() {},
  parse(record) {
    const bad = withoutValue(record);
    if (bad) return { bad };
    const result = parseRecord(record);
    return 'failure' in result ? { bad: badFrom(result.failure) } : result;
  },
};

/** Without a value there is nothing to parse. */
export function withoutValue({ valueLength }: SourceRecord): BadRecord | undefined {
  if (valueLength < 0) return badRecord('TOMBSTONE', 'The record has no value.');
  if (valueLength === 0) return badRecord('EMPTY', 'The value is empty.');
  return undefined;
}

/** The bad record of a failed scan. */
export function badFrom({ reason, message }: ScanFailure): BadRecord {
  return badRecord(reason === 'NO_VALUE' ? 'TOMBSTONE' : reason, `${message}.`);
}
