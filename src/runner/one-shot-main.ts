import { installCodecs } from '../kafka/install-codecs.js';
import { checkModel, ModelRefusedError } from '../predict/model-check.js';
import { predictRows, RowsRefusedError } from '../predict/predict-rows.js';
import { dryRun } from './dry-run.js';
import { failureOf } from './failure.js';
import { loadModel } from './load-model.js';
import type { OneShotAnswer, OneShotRequest } from './one-shot-messages.js';
import { scoreFiles } from './score-files.js';

/** The entry of a throw-away process: one request over the channel, one answer, and the end. */
process.once('message', async (request: OneShotRequest) => {
  const message = await answer(request).catch(refusal);
  process.send?.(message, undefined, {}, () => process.kill(process.pid, 'SIGKILL'));
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function answer(request: OneShotRequest): Promise<OneShotAnswer> {
  switch (request.type) {
    case 'check': {
      const checked = await checkModel(request.path, { loops: request.allowLoops });
      return { type: 'checked', checked };
    }
    case 'try':
      return await tried(request);
    case 'predict': {
      const { model, predictor, rows } = request;
      return { type: 'predicted', predictions: await predictRows(model, predictor, rows) };
    }
    case 'dryRun':
      installCodecs({ fastCodec: request.fastCodec });
      return { type: 'dryRun', dryRun: await dryRun(request) };
    case 'scoreFiles':
      return { type: 'scored', records: await scoreFiles(request) };
  }
}

async function tried(request: OneShotRequest & { type: 'try' }): Promise<OneShotAnswer> {
  try {
    await loadModel(request);
    return { type: 'tried' };
  } catch (error) {
    const { reason, message } = failureOf(error);
    return { type: 'tried', refusal: { reason, message } };
  }
}

function refusal(error: unknown): OneShotAnswer {
  if (error instanceof RowsRefusedError) {
    const { message, violations } = error;
    return { type: 'refused', code: 'INVALID_FIELD', message, violations };
  }
  if (error instanceof ModelRefusedError) {
    return { type: 'refused', code: 'MODEL_INVALID', message: error.message, violations: [] };
  }
  const { reason, message } = failureOf(error);
  return { type: 'refused', code: codeOf(reason), message, violations: [] };
}

function codeOf(reason: string): 'KAFKA_UNREACHABLE' | 'EGRESS_DENIED' | 'MODEL_INVALID' {
  if (reason === 'REGISTRY_UNREACHABLE') return 'KAFKA_UNREACHABLE';
  if (reason === 'KAFKA_UNREACHABLE' || reason === 'EGRESS_DENIED') return reason;
  return 'MODEL_INVALID';
}
