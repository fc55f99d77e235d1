import type { SourceRecord } from '../kafka/source-record.js';
import { badRecord } from './bad-record.js';
import type { RowRange } from './halving.js';
import type { RowWriter } from './prediction-writer.js';
import type { ScoreSink } from './scorer.js';

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
