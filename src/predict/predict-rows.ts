import { Buffer } from 'node:buffer';
import type { FieldViolation } from '../domain/errors.js';
import type { TensorInfo } from '../domain/model.js';
import type { OnnxPredictor } from '../domain/task.js';
import type { SourceRecord } from '../kafka/source-record.js';
import type { Formats } from './formats.js';
import { Scorer } from './scorer.js';
import { type BoundSpec, bindSignature, type OutputBinding } from './signature.js';

/** Rows or a spec that do not fit the model. */
export class RowsRefusedError extends Error {
  override readonly name = 'RowsRefusedError';
  readonly violations: readonly FieldViolation[];

  constructor(violations: readonly FieldViolation[]) {
    super(violations[0]?.description ?? 'The rows do not fit the model.');
    this.violations = violations;
  }
}

interface ScoredModel {
  readonly path: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/**
 * Loads a model for a predictor. Throws RowsRefusedError if they do not fit. Records and predictions are JSON unless
 * `formats` opens other formats. The caller releases the scorer.
 */
export async function loadScorer(
  model: ScoredModel,
  spec: BoundSpec,
  formats: (bindings: readonly OutputBinding[]) => Promise<Formats> = async () => ({}),
): Promise<Scorer> {
  const bound = bindSignature(model, spec);
  if ('faults' in bound) throw new RowsRefusedError(bound.faults);
  return await Scorer.load({
    ...(await formats(bound.signature.outputs)),
    path: model.path,
    inputs: model.inputs,
    signature: bound.signature,
    missingAsNan: spec.predictor.missingAsNan,
  });
}

/** Predicts JSON records by hand. Throws RowsRefusedError that names every row that does not fit. */
export async function predictRows(
  model: ScoredModel,
  predictor: OnnxPredictor,
  rows: readonly unknown[],
): Promise<unknown[]> {
  const scorer = await loadScorer(model, { predictor, sink: { fields: {} } });
  const records = rows.map(recordOf);
  const predictions: unknown[] = [];
  const violations: FieldViolation[] = [];
  await scorer.score(records, {
    predicted: (_, json) =>
      predictions.push(JSON.parse(json.bytes.toString('utf8', 0, json.length))),
    bad: (record, { reason, message }) => {
      const field = `rows[${records.indexOf(record)}]`;
      violations.push({ field, reason, description: message });
    },
  });
  await scorer.release();
  if (violations.length > 0) throw new RowsRefusedError(violations);
  return predictions;
}

function recordOf(row: unknown): SourceRecord {
  const bytes = Buffer.from(JSON.stringify(row) ?? 'null');
  return {
    bytes,
    keyStart: 0,
    keyLength: -1,
    headersStart: 0,
    headersEnd: 0,
    timestampMs: 0,
    valueStart: 0,
    valueLength: bytes.length,
  };
}
