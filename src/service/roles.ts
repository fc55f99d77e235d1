import { DomainError } from '../domain/errors.js';
import type { Caller, Role } from '../domain/user.js';

/** The least role for each use case. What has no row here cannot be called. */
export const leastRoles = {
  createTask: 'OPERATOR',
  getTask: 'VIEWER',
  listTasks: 'VIEWER',
  updateTask: 'OPERATOR',
  deleteTask: 'OPERATOR',
  startTask: 'OPERATOR',
  stopTask: 'OPERATOR',
  swapModel: 'OPERATOR',
  shadowModel: 'OPERATOR',
  promoteShadow: 'OPERATOR',
  dropShadow: 'OPERATOR',
  rollbackModel: 'OPERATOR',
  /** It connects to Kafka and runs models. */
  validateTask: 'OPERATOR',
  watchTasks: 'VIEWER',
  listEvents: 'VIEWER',
  getExecution: 'VIEWER',
  listExecutions: 'VIEWER',
  tailLogs: 'VIEWER',
  listDeadLetters: 'VIEWER',
  getDeadLetter: 'VIEWER',
  replayDeadLetters: 'OPERATOR',
  purgeDeadLetters: 'OPERATOR',
  findTaskRun: 'VIEWER',
  listRunning: 'VIEWER',
  listHistory: 'VIEWER',
  runSequence: 'OPERATOR',
  findExecution: 'VIEWER',
  listAllExecutions: 'VIEWER',
  cancelExecution: 'OPERATOR',
  uploadModel: 'OPERATOR',
  getModel: 'VIEWER',
  listModels: 'VIEWER',
  deleteModel: 'OPERATOR',
  /** It runs models. */
  predict: 'OPERATOR',
  createTarget: 'ADMIN',
  getTarget: 'ADMIN',
  listTargets: 'ADMIN',
  deleteTarget: 'ADMIN',
  createSingleRun: 'ADMIN',
  /** Others than one's own are for users of the project; the use case sees to that. */
  getSingleRun: 'VIEWER',
  startSingleRun: 'ADMIN',
  configureSingleRun: 'ADMIN',
  abortSingleRun: 'ADMIN',
  loadModelForSingleRun: 'ADMIN',
  scoreFilesForSingleRun: 'ADMIN',
  /** Only tasks that the caller may see. */
  sampleTasks: 'VIEWER',
  backup: 'ADMIN',
  getLogLevel: 'ADMIN',
  setLogLevel: 'ADMIN',
  createUser: 'ADMIN',
  /** Others than oneself are for admins; the use case sees to that. */
  getUser: 'VIEWER',
  listUsers: 'ADMIN',
  deleteUser: 'ADMIN',
  /** Others than one's own are for admins; the use case sees to that. */
  resetCredentials: 'VIEWER',
} as const satisfies Readonly<Record<string, Role>>;

export type UseCaseName = keyof typeof leastRoles;

/** Throws ROLE_NOT_ALLOWED unless the caller's role reaches that of the use case; unknown names are never allowed. */
export function assertRole(caller: Caller, useCase: string): void {
  const least = isUseCase(useCase) ? leastRoles[useCase] : undefined;
  if (least !== undefined && ranks[caller.role] >= ranks[least]) return;
  throw new DomainError('ROLE_NOT_ALLOWED', {
    message:
      least === undefined
        ? 'Nobody is allowed to call this.'
        : `This needs the role ${least}; yours is ${caller.role}.`,
    metadata: { role: caller.role, ...(least === undefined ? {} : { needed: least }) },
  });
}

const ranks: Readonly<Record<Role, number>> = { VIEWER: 1, OPERATOR: 2, ADMIN: 3 };

function isUseCase(name: string): name is UseCaseName {
  return Object.hasOwn(leastRoles, name);
}
