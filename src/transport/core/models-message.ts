import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type ModelStatus,
  ModelStatusSchema,
  type ModelUpdateSchema,
  type ScoringModelSchema,
  type ShadowStatusSchema,
} from '../../../gen/ts/predictd/v1/task_pb.js';
import type { ModelRef } from '../../domain/model.js';
import type { ModelUpdate, Scoring } from '../../domain/scoring.js';
import type { ShadowReport } from '../../domain/shadow-report.js';
import { modelUpdateCodec, modelUseCodec } from './enums.js';
import { duration, timestamp } from './values.js';

/** The models of a task as they are shown; `task` is its resource name. */
export function modelsToMessage(
  { active, previous, shadow, update }: Scoring,
  report: ShadowReport | undefined,
  task: string,
): ModelStatus {
  return create(ModelStatusSchema, {
    active: refToMessage(active, task),
    previous: previous && refToMessage(previous, task),
    shadow: shadow && shadowToMessage(shadow, report, task),
    update: update && updateToMessage(update, task),
  });
}

function refToMessage(
  { name, sha256 }: ModelRef,
  task: string,
): MessageInitShape<typeof ScoringModelSchema> {
  const owner = task.slice(0, task.indexOf('/tasks/'));
  return { model: `${owner}/models/${name}`, sha256 };
}

function shadowToMessage(
  shadow: ModelRef,
  report: ShadowReport | undefined,
  task: string,
): MessageInitShape<typeof ShadowStatusSchema> {
  const model = refToMessage(shadow, task);
  if (report?.sha256 !== shadow.sha256) return { model };
  const { recordsCompared, recordsDiffering } = report;
  return {
    model,
    scoring: true,
    startTime: timestamp(report.since),
    recordsCompared: BigInt(recordsCompared),
    recordsDiffering: BigInt(recordsDiffering),
    differingShare: recordsCompared === 0 ? 0 : recordsDiffering / recordsCompared,
    maxAbsoluteDifference: report.maxAbsoluteDifference,
    meanLatency: duration(report.meanMs),
    outputs: report.outputs.map((output) => ({
      ...output,
      recordsDiffering: BigInt(output.recordsDiffering),
    })),
  };
}

function updateToMessage(
  { model, use, state, reason, message, at, actor }: ModelUpdate,
  task: string,
): MessageInitShape<typeof ModelUpdateSchema> {
  return {
    model: refToMessage(model, task),
    use: modelUseCodec.toProto(use),
    state: modelUpdateCodec.toProto(state),
    reason,
    message,
    time: timestamp(at),
    actor,
  };
}
