import { Code, type ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { httpStatusOf } from '../rest/errors.js';

/** The documented text for what is not there and for what the caller may not use, which are not told apart. */
const notAccessible = "File doesn't exist or isn't accessible with current permissions";

/** The documented text of the one route that removes something. */
const nothingToRemove = 'No job or data available';

/** How a failure is told. */
export interface Failure {
  readonly httpStatus: number;
  readonly reason: string;
}

/** Says an error in Datameer's words. `removes` is whether it came from the route that removes. */
export function failureOf(error: ConnectError, removes: boolean): Failure {
  const [info] = error.findDetails(ErrorInfoSchema);
  const reason = info?.reason ?? '';
  if (/_NOT_FOUND$/.test(reason) && error.code === Code.NotFound) {
    return { httpStatus: 404, reason: removes ? nothingToRemove : notAccessible };
  }
  if (reason === 'ROLE_NOT_ALLOWED') return { httpStatus: 404, reason: notAccessible };
  const isBusy = reason === 'TASK_ALREADY_STARTED' || reason === 'TASK_STOPPING';
  return { httpStatus: isBusy ? 409 : httpStatusOf(error), reason: error.rawMessage };
}
