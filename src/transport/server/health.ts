import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import {
  type Health,
  HealthCheckResponse_ServingStatus,
  HealthCheckResponseSchema,
  HealthListResponseSchema,
  type HealthCheckResponse_ServingStatus as ServingStatus,
} from '../../../gen/ts/grpc/health/v1/health_pb.js';
import { abortError } from './aborted.js';

/** The name under which grpc.health.v1 speaks of the server as a whole. */
export const WHOLE_SERVER = '';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/** What each service says of its health, and the `grpc.health.v1.Health` service that tells it. */
export class HealthBoard {
  readonly #statuses = new Map<string, ServingStatus>([[WHOLE_SERVER, SERVING]]);
  readonly #watchers = new Set<() => void>();
  #down = false;

  /** Makes `services` known, as serving. */
  add(services: Iterable<string>): void {
    for (const service of services) this.set(service, SERVING);
  }

  /** Says how `service` is from now on. Ignored after `shutDown`: a late recovery must not draw calls in. */
  set(service: string, status: ServingStatus): void {
    if (this.#down || this.#statuses.get(service) === status) return;
    this.#statuses.set(service, status);
    this.#announce();
  }

  /** The status of `service`, undefined if it was never heard of. */
  get(service: string): ServingStatus | undefined {
    return this.#statuses.get(service);
  }

  /** Says of everything, for good, that it does not serve. */
  shutDown(): void {
    this.#down = true;
    for (const service of this.#statuses.keys()) this.#statuses.set(service, NOT_SERVING);
    this.#announce();
  }

  /** The implementation to register with a router. */
  readonly service: ServiceImpl<typeof Health> = {
    check: ({ service }) => {
      const status = this.#statuses.get(service);
      if (status === undefined) throw new ConnectError('unknown service', Code.NotFound);
      return create(HealthCheckResponseSchema, { status });
    },
    list: () => {
      const statuses = Object.fromEntries(
        [...this.#statuses].map(([service, status]) => [service, { status }]),
      );
      return create(HealthListResponseSchema, { statuses });
    },
    watch: ({ service }, context) => this.#watch(service, context.signal),
  };

  /** Several changes while a watcher does not read are told as one: the last. */
  async *#watch(service: string, signal: AbortSignal) {
    let told: ServingStatus | undefined;
    while (!signal.aborted) {
      const changed = this.#nextChange(signal);
      const status = this.#statuses.get(service) ?? SERVICE_UNKNOWN;
      if (status !== told) {
        told = status;
        yield create(HealthCheckResponseSchema, { status });
      }
      await changed;
    }
    throw abortError(signal);
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#watchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#watchers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #announce(): void {
    for (const wake of [...this.#watchers]) wake();
  }
}
