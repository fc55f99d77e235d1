import type { FieldViolation } from '../domain/errors.js';
import type { TensorInfo } from '../domain/model.js';
import type { DryRun } from '../domain/ports.js';
import type { ModelRefusal } from '../domain/step-input.js';
import type { OnnxPredictor, TaskSpec } from '../domain/task.js';
import type { ModelSources } from './load-model.js';
import type { ModelFile } from './messages.js';

/** The one thing that a throw-away process is asked to do. */
export type OneShotRequest =
  | { readonly type: 'check'; readonly path: string; readonly allowLoops: boolean }
  /** Load it for a task and warm it up. */
  | ({ readonly type: 'try' } & ModelSources)
  | {
      readonly type: 'predict';
      readonly model: ModelFile;
      readonly predictor: OnnxPredictor;
      readonly rows: readonly unknown[];
    }
  | {
      readonly type: 'dryRun';
      readonly model: ModelFile;
      readonly spec: TaskSpec;
      readonly records: number;
      readonly bootstrapServers: readonly string[];
      readonly allowEgress: readonly string[];
      readonly fastCodec: boolean;
    }
  | {
      readonly type: 'scoreFiles';
      readonly model: ModelFile;
      readonly spec: TaskSpec;
      readonly taskUid: string;
      /** Absolute paths. */
      readonly files: readonly string[];
      readonly bootstrapServers: readonly string[];
      readonly allowEgress: readonly string[];
    };

export interface Checked {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** Its answer, after which it ends. */
export type OneShotAnswer =
  | { readonly type: 'checked'; readonly checked: Checked }
  | { readonly type: 'tried'; readonly refusal?: ModelRefusal }
  | { readonly type: 'predicted'; readonly predictions: unknown[] }
  | { readonly type: 'dryRun'; readonly dryRun: DryRun }
  | { readonly type: 'scored'; readonly records: number }
  | {
      readonly type: 'refused';
      readonly code: 'MODEL_INVALID' | 'INVALID_FIELD' | 'KAFKA_UNREACHABLE' | 'EGRESS_DENIED';
      readonly message: string;
      readonly violations: readonly FieldViolation[];
    };
