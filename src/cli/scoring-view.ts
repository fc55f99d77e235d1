import { durationMs } from '@bufbuild/protobuf/wkt';
import {
  type ModelStatus,
  type ModelUpdate,
  ModelUpdateState,
  ModelUseSchema,
  type ScoringModel,
  type ShadowStatus,
} from '../../gen/ts/predictd/v1/task_pb.js';
import { lastPart } from './resource-name.js';
import { word } from './wording.js';

/** How people see which models score for a task. */
export function scoringPairs(models: ModelStatus | undefined): (readonly [string, string])[] {
  return [
    ['Scores with', modelLine(models?.active)],
    ['Before', modelLine(models?.previous)],
    ['Shadow', models?.shadow ? shadowLine(models.shadow) : ''],
    ['Model update', models?.update ? updateLine(models.update) : ''],
  ];
}

/** A change of models in a sentence. */
export function updateLine({ model, use, state, reason, message }: ModelUpdate): string {
  const what = `${word(ModelUseSchema, use).toLowerCase()} of ${modelLine(model)}`;
  if (state !== ModelUpdateState.BLOCKED) return `${what} is under way`;
  return `${what} is blocked: ${[reason, message].filter(Boolean).join(', ')}`;
}

function modelLine(model: ScoringModel | undefined): string {
  if (model === undefined) return '';
  const sha256 = model.sha256 === '' ? '' : ` (sha256 ${model.sha256.slice(0, SHA_CHARS)}…)`;
  return `${lastPart(model.model)}${sha256}`;
}

/** As many as people compare by eye. */
const SHA_CHARS = 12;

function shadowLine(shadow: ShadowStatus): string {
  const model = modelLine(shadow.model);
  if (!shadow.scoring) return `${model}, does not score now`;
  if (shadow.recordsCompared === 0n) return `${model}, nothing compared yet`;
  const share = (100 * shadow.differingShare).toFixed(2);
  const latency = shadow.meanLatency ? `, ${durationMs(shadow.meanLatency)} ms a record` : '';
  return (
    `${model}, ${shadow.recordsDiffering} of ${shadow.recordsCompared} records differ (${share} %), ` +
    `at most by ${shadow.maxAbsoluteDifference.toPrecision(3)}${latency}`
  );
}
