import type { SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from './bad-record.js';
import type { RowRange } from './halving.js';
import type { RowWriter, WrittenRow } from './prediction-writer.js';

/** Receives what came of each record, in the records' order; `row` is only valid during the call. */
export interface ScoreSink {
  predicted(record: SourceRecord, row: WrittenRow): void;
  bad(record: SourceRecord, why: BadRecord): void;
}

/**
 * Writes the rows that a writer has open, one for each record of the range, and hands them out. A row that the format has
 * no value for is the record's fault.
 */
export function handOut(
  records: readonly SourceRecord[],
  { from, to }: RowRange,
  { writer, sink }: { readonly writer: RowWriter; readonly sink: ScoreSink },
): void {
  for (let i = from; i < to; i++) {
    const record = records[i] as SourceRecord;
    try {
      writer.row(i - from);
    } catch (error) {
      sink.bad(record, badRecord('MODEL_ERROR', String(error)));
      continue;
    }
    sink.predicted(record, writer.written);
  }
}
