import { DomainError } from '../domain/errors.js';
import { limits } from '../domain/limits.js';
import type { ModelRefusal } from '../domain/step-input.js';
import type { ModelSources } from './load-model.js';
import { askOnce } from './one-shot.js';

/**
 * Loads a model for a task in a process that is thrown away: one that hangs, crashes or takes all memory does so there, and not in
 * the middle of a stream. Answers why the model cannot be used, if it cannot.
 */
export async function tryModel(sources: ModelSources): Promise<ModelRefusal | undefined> {
  try {
    const request = { ...sources, type: 'try' } as const;
    const answer = await askOnce(request, { timeoutMs: limits.modelCheckTimeoutMs });
    return answer.type === 'tried' ? answer.refusal : refusalOf(answer.type);
  } catch (error) {
    if (!(error instanceof DomainError)) return refusalOf(error);
    const reason = error.code === 'PREDICTION_TIMEOUT' ? 'MODEL_HUNG' : 'MODEL_CRASHED';
    return { reason, message: error.message };
  }
}

function refusalOf(error: unknown): ModelRefusal {
  return { reason: 'MODEL_LOAD_FAILED', message: `It could not be tried out: ${String(error)}.` };
}
