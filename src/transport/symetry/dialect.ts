import { PredictionService } from '../../../gen/ts/symetry/v1/prediction_service_pb.js';
import { TaskService } from '../../../gen/ts/symetry/v1/task_service_pb.js';
import type { Service } from '../../service/create-service.js';
import type { Dialect } from '../dialect.js';
import type { SignatureDeps } from './auth.js';
import { symetryApi } from './documentation.js';
import { symetryRepresentation } from './representation.js';
import { predictionService, taskService } from './rpc.js';

/** What SymetryML's API is served from. */
export interface SymetryDeps extends SignatureDeps {
  readonly service: Service;
  /** Whether TaskInfo may come without encryption. */
  readonly allowPlainTaskInfo: boolean;
}

/** Makes SymetryML's Tasks API, and its predictions, of the same tasks and models. */
export function createSymetry(deps: SymetryDeps): Dialect {
  const representation = symetryRepresentation(deps);
  return {
    name: 'symetry',
    register(router) {
      router.service(TaskService, taskService(deps.service));
      router.service(PredictionService, predictionService(deps.service));
    },
    representations: [
      { service: TaskService, representation },
      { service: PredictionService, representation },
    ],
    documentation: symetryApi,
  };
}
