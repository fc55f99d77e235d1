import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import type { PredictionService } from '../../../gen/ts/symetry/v1/prediction_service_pb.js';
import type { TaskService } from '../../../gen/ts/symetry/v1/task_service_pb.js';
import type { SpecDraft } from '../../domain/draft.js';
import { DomainError } from '../../domain/errors.js';
import { anyAlias } from '../../domain/names.js';
import type { Caller } from '../../domain/user.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { setHttpStatus } from '../rest/rest-call.js';
import { startedKey } from '../started.js';
import { secretKeyKey } from './auth.js';
import { recordsOf } from './data-frame.js';
import { listReply, mapsReply, reply, statusOf, taskFromInfo } from './messages.js';
import { refuse } from './refusal.js';
import { resultFields, resultOf } from './result-keys.js';

/** SymetryML's tasks over the use cases. */
export function taskService(service: Service): ServiceImpl<typeof TaskService> {
  return {
    async createTask({ cid, taskInfo, force }, context) {
      if (!taskInfo) throw refuse({ status: 400, statusString: 'TaskInfo is missing' });
      const { draft, annotations, warnings } = taskFromInfo(taskInfo, {
        cid,
        secretKey: context.values.get(secretKeyKey) || undefined,
      });
      const caller = callerOf(context);
      const fields = await fieldsOf(service, caller, { cid, spec: draft.spec });
      await service.createTask(caller, {
        parent: `users/${cid}`,
        taskId: taskInfo.name,
        task: { ...draft, spec: { ...draft.spec, sink: { ...draft.spec.sink, fields } } },
        force: isTrue(force),
        annotations,
        warnings,
      });
      setHttpStatus(context.values, accepted);
      return reply('CREATED', `Task created with name [${taskInfo.name}] for customer [${cid}]`);
    },
    async startTask({ cid, tid }, context) {
      const id = await startUnlessRunning(service, callerOf(context), taskName(cid, tid));
      context.values.set(startedKey, id);
      return reply('OK');
    },
    async stopTask({ cid, tid }, context) {
      const { signal } = context;
      await service.stopTask(callerOf(context), { name: taskName(cid, tid), signal });
      return reply('OK');
    },
    async listTasks({ cid }, context) {
      return listReply(await namesOf(service, cid, context));
    },
    async getTaskStatus({ cid, tid }, context) {
      const view = await service.getTask(callerOf(context), { name: taskName(cid, tid) });
      return mapsReply([statusOf(view)]);
    },
    async deleteTask({ cid, tid }, context) {
      await service.deleteTask(callerOf(context), { name: taskName(cid, tid) });
      return reply('OK', `deleted Task with id[${tid}] from Customer[${cid}] store`);
    },
  };
}

/** SymetryML's predictions over the use cases. */
export function predictionService(service: Service): ServiceImpl<typeof PredictionService> {
  return {
    async predict({ cid, modelid, dataFrame, impute }, context) {
      if (!dataFrame) throw refuse({ status: 400, statusString: 'DataFrame is missing' });
      if (isTrue(impute)) {
        const statusString = 'impute: the model has no averages to fill gaps with';
        throw refuse({ status: 400, statusString });
      }
      const { features, rows } = recordsOf(dataFrame);
      const caller = callerOf(context);
      const name = `users/${cid}/models/${modelid}`;
      const { inputs, outputs } = await service.getModel(caller, { name });
      // The columns of a tensor have an order only; several inputs have names.
      const columns = inputs.length === 1 ? { features } : {};
      const predictions = await service.predict(caller, { name, rows, ...columns });
      return mapsReply(predictions.map((prediction) => resultOf(recordOf(prediction), outputs)));
    },
  };
}

/** "Accepted" is what the document says, beside CREATED in words. */
const accepted = 202;

/** The most that the core lists at once. */
const pageSize = 1_000;

/** As Java reads it: any case, and whatever else there is means no. */
function isTrue(text: string): boolean {
  return text.toLowerCase() === 'true';
}

function taskName(cid: string, tid: string): string {
  return `users/${cid}/tasks/${tid}`;
}

/** A GET may be sent again by whatever is on the way, so that starting twice is no error. Answers what runs now. */
async function startUnlessRunning(service: Service, caller: Caller, name: string): Promise<number> {
  try {
    return (await service.startTask(caller, { name, whenFull: 'REFUSE' })).execution.id;
  } catch (error) {
    const runs = error instanceof DomainError && error.code === 'TASK_ALREADY_STARTED';
    if (!runs) throw error;
    const newest = `${name}/executions/${anyAlias}`;
    return (await service.getExecution(caller, { name: newest })).execution.id;
  }
}

/** How the predictions of a task's model are named; whether there is such a model is for the core to say. */
async function fieldsOf(
  service: Service,
  caller: Caller,
  { cid, spec }: { readonly cid: string; readonly spec: SpecDraft },
): Promise<Readonly<Record<string, string>>> {
  const model = spec.predictor?.onnx?.model ?? '';
  try {
    const { outputs } = await service.getModel(caller, { name: `users/${cid}/models/${model}` });
    return resultFields(outputs);
  } catch (error) {
    if (error instanceof DomainError) return {};
    throw error;
  }
}

async function namesOf(service: Service, cid: string, context: HandlerContext): Promise<string[]> {
  const names: string[] = [];
  let pageToken = '';
  do {
    const request = { parent: `users/${cid}`, pageSize, pageToken };
    const page = await service.listTasks(callerOf(context), request);
    names.push(...page.tasks.map(({ task }) => task.name));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return names;
}

function recordOf(prediction: unknown): Readonly<Record<string, unknown>> {
  return typeof prediction === 'object' && prediction !== null ? { ...prediction } : {};
}
