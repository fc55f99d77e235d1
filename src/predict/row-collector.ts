import type { SourceRecord } from '../kafka/source-record.js';
import type { BadRecord } from './bad-record.js';
import type { TensorData } from './cells.js';

/** Collects records as rows of the model's inputs. */
export interface RowCollector {
  /** Makes room for so many rows, and begins with none. */
  begin(rows: number): void;
  /** Takes a record as the next row, or answers why it cannot be one. */
  add(record: SourceRecord): BadRecord | undefined;
  /** Rows taken since `begin`. */
  readonly rows: number;
  /** The first row behind `from` that is of another shape. Left out: all rows are of one. */
  endOfShape?(from: number): number;
  /** The inputs of rows `from` to `to`, which are of one shape; they share the collector's memory. */
  feeds(from: number, to: number): readonly Feed[];
}

export interface Feed {
  readonly name: string;
  readonly type: string;
  readonly data: TensorData;
  readonly dims: readonly number[];
}
