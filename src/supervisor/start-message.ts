import { DomainError } from '../domain/errors.js';
import { type Execution, scoringOfExecution } from '../domain/execution.js';
import type { ModelFiles, Reads } from '../domain/ports.js';
import type { SpawnFailure } from '../domain/step-input.js';
import { stillAhead } from '../domain/suspects.js';
import { brokersOf, consumerGroup, type Task } from '../domain/task.js';
import type { StartMessage } from '../runner/messages.js';
import { modelFileOf } from './change-models.js';

/** What the operator decided for all runners. */
export interface RunnerSettings {
  /** Brokers of tasks that name none. */
  readonly brokers: readonly string[];
  /** `HOST:PORT` and CIDRs that tasks may connect to besides `brokers`. */
  readonly allowEgress: readonly string[];
  /** A model that takes longer for one part of a micro-batch hangs. */
  readonly scoreTimeoutMs: number;
  readonly fastCodec: boolean;
  /** The only environment variables that a runner sees: secrets stay in this process. */
  readonly variables: Readonly<Record<string, string>>;
  /** URL of a module that runners load first: the operator's OpenTelemetry. */
  readonly preload?: string;
}

interface StartSources {
  readonly store: Pick<Reads, 'modelByName'>;
  readonly modelFiles: Pick<ModelFiles, 'path'>;
  readonly runner: RunnerSettings;
  readonly task: Task;
  readonly execution: Execution;
  readonly epoch: number;
}

/** Everything that a runner needs. MODEL_NOT_FOUND if the model is gone. */
export async function createStartMessage(sources: StartSources): Promise<StartMessage> {
  const { store, modelFiles, runner, task, execution, epoch } = sources;
  const { spec } = execution;
  const { active, update } = scoringOfExecution(execution) ?? {};
  const model = active && (await modelFileOf(active, task, { store, modelFiles }));
  if (active && !model) {
    const message = `There is no model ${active.name}. Upload it again.`;
    throw new DomainError('MODEL_NOT_FOUND', { message });
  }
  const wanted = update?.state === 'LOADING' && update.use === 'SWAP' ? update.model : undefined;
  const tried = wanted && (await modelFileOf(wanted, task, { store, modelFiles }));
  const endOffsets = endOffsetsOf(execution);
  return {
    type: 'start',
    taskUid: task.uid,
    taskName: `users/${task.user}/tasks/${task.name}`,
    executionNumber: execution.number,
    epoch,
    spec,
    bootstrapServers: brokersOf(spec.source, runner.brokers),
    // Not the task's spec: that may have been changed since, and may have variables that this execution gave values.
    consumerGroup: consumerGroup({ uid: task.uid, spec }),
    ...(model ? { model } : {}),
    ...(tried ? { update: tried } : {}),
    allowEgress: [...runner.brokers, ...runner.allowEgress],
    fastCodec: runner.fastCodec,
    scoreTimeoutMs: runner.scoreTimeoutMs,
    ...(execution.suspects ? { suspects: stillAhead(execution.suspects, execution.progress) } : {}),
    ...(endOffsets ? { endOffsets } : {}),
    ...(runner.preload === undefined ? {} : { traced: true }),
  };
}

/** Why no message could be made. */
export function spawnFailureOf(error: unknown): SpawnFailure {
  return {
    reason: error instanceof DomainError ? error.code : 'SPAWN_FAILED',
    message: error instanceof Error ? error.message : String(error),
    fatal: error instanceof DomainError && error.code !== 'STORE_UNAVAILABLE',
  };
}

/** A bounded execution ends where it was first seen to end, whatever came since. */
function endOffsetsOf({ spec, progress }: Execution): Record<string, number> | undefined {
  if (spec.until !== 'END' || progress.partitions.length === 0) return undefined;
  return Object.fromEntries(
    progress.partitions.map(({ partition, endOffset }) => [String(partition), endOffset]),
  );
}
