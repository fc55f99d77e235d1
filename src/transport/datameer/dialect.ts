import { JobService } from '../../../gen/ts/datameer/v1/job_service_pb.js';
import type { Service } from '../../service/create-service.js';
import type { Authenticator } from '../auth.js';
import type { Dialect } from '../dialect.js';
import { createDates } from './dates.js';
import { datameerApi } from './documentation.js';
import { datameerRepresentation } from './representation.js';
import { jobService } from './rpc.js';

/** What Datameer's API is served from. */
export interface DatameerDeps {
  readonly service: Service;
  readonly authenticator: Authenticator;
  /** IANA name of the zone of all times, which are shown without one. */
  readonly timeZone: string;
  /** Milliseconds since 1970, for how long something will take. */
  readonly now: () => number;
  /** Whether job details look as before Datameer 7.4: fewer keys, and times as numbers. */
  readonly oldJobDetails?: boolean;
}

/** Makes Datameer's job execution API of the same tasks. Throws a RangeError for an unknown time zone. */
export function createDatameer(deps: DatameerDeps): Dialect {
  const { oldJobDetails = false } = deps;
  const words = { dates: createDates(deps.timeZone), now: deps.now, oldJobDetails };
  const representation = datameerRepresentation({ ...deps, oldJobDetails });
  return {
    name: 'datameer',
    register(router) {
      router.service(JobService, jobService(deps.service, words));
    },
    representations: [{ service: JobService, representation }],
    documentation: datameerApi,
  };
}
