import { createEgressPolicy } from '../domain/egress.js';
import type { Caller } from '../domain/user.js';
import { backup } from './backup.js';
import { cancelExecution } from './cancel-execution.js';
import {
  dropShadow,
  promoteShadow,
  rollbackModel,
  shadowModel,
  swapModel,
} from './change-models.js';
import { createSingleRun } from './create-single-run.js';
import { createTarget } from './create-target.js';
import { createTask } from './create-task.js';
import { createUser } from './create-user.js';
import {
  getDeadLetter,
  listDeadLetters,
  purgeDeadLetters,
  replayDeadLetters,
} from './dead-letters.js';
import { deleteModel } from './delete-model.js';
import { deleteTarget } from './delete-target.js';
import { deleteTask } from './delete-task.js';
import { deleteUser } from './delete-user.js';
import type { Room, ServiceDeps } from './deps.js';
import { createExclusive } from './exclusive.js';
import { loadModelForSingleRun, scoreFilesForSingleRun } from './feed-single-run.js';
import { findExecution } from './find-execution.js';
import { findTaskRun } from './find-task-run.js';
import { getExecution } from './get-execution.js';
import { getModel } from './get-model.js';
import { getTarget } from './get-target.js';
import { getTask } from './get-task.js';
import { getUser } from './get-user.js';
import { listAllExecutions } from './list-all-executions.js';
import { listEvents } from './list-events.js';
import { listExecutions } from './list-executions.js';
import { listHistory } from './list-history.js';
import { listModels } from './list-models.js';
import { listRunning } from './list-running.js';
import { listTargets } from './list-targets.js';
import { listTasks } from './list-tasks.js';
import { listUsers } from './list-users.js';
import { getLogLevel, setLogLevel } from './log-level.js';
import { OpenCalls } from './open-calls.js';
import { predict } from './predict.js';
import { resetCredentials } from './reset-credentials.js';
import { assertRole, type UseCaseName } from './roles.js';
import { runSequence } from './run-sequence.js';
import { sampleTasks } from './sample-tasks.js';
import { getSingleRun } from './single-run.js';
import { startTask } from './start-task.js';
import { abortSingleRun, configureSingleRun, startSingleRun } from './steer-single-run.js';
import { stopTask } from './stop-task.js';
import { type TailTiming, tailLogs } from './tail-logs.js';
import { createTurns } from './turns.js';
import { updateTask } from './update-task.js';
import { uploadModel } from './upload-model.js';
import { validateTask } from './validate-task.js';
import { type WatchTiming, watchTasks } from './watch-tasks.js';
import { Watchers } from './watchers.js';

/** Everything that a caller can do, each checked against the caller's role and ownership. */
export type Service = ReturnType<typeof createService>;

/** Settings that only tests change. */
export interface ServiceTuning {
  readonly watchTiming?: WatchTiming;
  readonly tailTiming?: TailTiming;
  readonly watchers?: Watchers;
}

/** Binds the use cases to the outside. */
export function createService(deps: ServiceDeps, tuning: ServiceTuning = {}) {
  const { brokers, allowEgress } = deps.settings;
  const egress = createEgressPolicy(brokers, allowEgress);
  const room: Room = {
    ...deps,
    egress,
    exclusive: createExclusive(),
    inTurn: createTurns(),
    calls: new OpenCalls(),
  };
  const watchers = tuning.watchers ?? new Watchers();
  return {
    createTask: allowed('createTask', createTask(room)),
    getTask: allowed('getTask', getTask(room)),
    listTasks: allowed('listTasks', listTasks(room)),
    updateTask: allowed('updateTask', updateTask(room)),
    deleteTask: allowed('deleteTask', deleteTask(room)),
    startTask: allowed('startTask', startTask(room)),
    stopTask: allowed('stopTask', stopTask(room)),
    swapModel: allowed('swapModel', swapModel(room)),
    shadowModel: allowed('shadowModel', shadowModel(room)),
    promoteShadow: allowed('promoteShadow', promoteShadow(room)),
    dropShadow: allowed('dropShadow', dropShadow(room)),
    rollbackModel: allowed('rollbackModel', rollbackModel(room)),
    validateTask: allowed('validateTask', validateTask(room)),
    watchTasks: allowedStream('watchTasks', watchTasks(room, watchers, tuning.watchTiming)),
    listEvents: allowed('listEvents', listEvents(room)),
    getExecution: allowed('getExecution', getExecution(room)),
    listExecutions: allowed('listExecutions', listExecutions(room)),
    tailLogs: allowedStream('tailLogs', tailLogs(room, watchers, tuning.tailTiming)),
    listDeadLetters: allowed('listDeadLetters', listDeadLetters(room)),
    getDeadLetter: allowed('getDeadLetter', getDeadLetter(room)),
    replayDeadLetters: allowed('replayDeadLetters', replayDeadLetters(room)),
    purgeDeadLetters: allowed('purgeDeadLetters', purgeDeadLetters(room)),
    findExecution: allowed('findExecution', findExecution(room)),
    listAllExecutions: allowed('listAllExecutions', listAllExecutions(room)),
    cancelExecution: allowed('cancelExecution', cancelExecution(room)),
    uploadModel: allowed('uploadModel', uploadModel(room)),
    getModel: allowed('getModel', getModel(room)),
    listModels: allowed('listModels', listModels(room)),
    deleteModel: allowed('deleteModel', deleteModel(room)),
    findTaskRun: allowed('findTaskRun', findTaskRun(room)),
    listRunning: allowed('listRunning', listRunning(room)),
    listHistory: allowed('listHistory', listHistory(room)),
    runSequence: allowed('runSequence', runSequence(room)),
    predict: allowed('predict', predict(room)),
    createTarget: allowed('createTarget', createTarget(room)),
    getTarget: allowed('getTarget', getTarget(room)),
    listTargets: allowed('listTargets', listTargets(room)),
    deleteTarget: allowed('deleteTarget', deleteTarget(room)),
    createSingleRun: allowed('createSingleRun', createSingleRun(room)),
    getSingleRun: allowed('getSingleRun', getSingleRun(room)),
    startSingleRun: allowed('startSingleRun', startSingleRun(room)),
    configureSingleRun: allowed('configureSingleRun', configureSingleRun(room)),
    abortSingleRun: allowed('abortSingleRun', abortSingleRun(room)),
    loadModelForSingleRun: allowed('loadModelForSingleRun', loadModelForSingleRun(room)),
    scoreFilesForSingleRun: allowed('scoreFilesForSingleRun', scoreFilesForSingleRun(room)),
    sampleTasks: allowed('sampleTasks', sampleTasks(room)),
    backup: allowedStream('backup', backup(room)),
    getLogLevel: allowed('getLogLevel', getLogLevel(room)),
    setLogLevel: allowed('setLogLevel', setLogLevel(room)),
    createUser: allowed('createUser', createUser(room)),
    getUser: allowed('getUser', getUser(room)),
    listUsers: allowed('listUsers', listUsers(room)),
    deleteUser: allowed('deleteUser', deleteUser(room, watchers)),
    resetCredentials: allowed('resetCredentials', resetCredentials(room, watchers)),
  } satisfies Record<UseCaseName, unknown>;
}

type UseCase<Request, Answer> = (caller: Caller, request: Request) => Answer;

function allowed<Request, Answer>(
  name: UseCaseName,
  useCase: UseCase<Request, Promise<Answer>>,
): UseCase<Request, Promise<Answer>> {
  return async (caller, request) => {
    assertRole(caller, name);
    return useCase(caller, request);
  };
}

function allowedStream<Request, Message>(
  name: UseCaseName,
  useCase: UseCase<Request, AsyncGenerator<Message>>,
): UseCase<Request, AsyncGenerator<Message>> {
  return async function* (caller, request) {
    assertRole(caller, name);
    yield* useCase(caller, request);
  };
}
