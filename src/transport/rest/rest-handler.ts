import { createRegistry, type DescService, type Registry } from '@bufbuild/protobuf';
import {
  ConnectError,
  type ConnectRouter,
  type ContextValues,
  createMethodImplSpec,
  createServiceImplSpec,
  type Interceptor,
  type MethodImplSpec,
} from '@connectrpc/connect';
import { file_google_rpc_error_details } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { OpenCalls } from '../call-end.js';
import type { CorsOptions } from '../cors.js';
import { cutResponse, type NodeRequest, type NodeResponse } from './http/node.js';
import { createJsonRepresentation } from './json-representation.js';
import { defaultLimits, type RestLimits } from './limits.js';
import {
  type CompleteRepresentation,
  completeRepresentation,
  type Representation,
} from './representation.js';
import type { RestCall } from './rest-call.js';
import type { Route } from './route.js';
import { type Binding, bindingsOf } from './routing/http-rule.js';
import { createRouteTable } from './routing/route-table.js';
import { serve } from './serve.js';

/** Options of createRest. Every one has a default. */
export interface RestOptions {
  /** The interceptors that RPC calls go through as well, outermost first. */
  readonly interceptors?: readonly Interceptor[];
  /** Types for `google.protobuf.Any`, extensions and error details; `google.rpc`'s are built in. */
  readonly registry?: Registry;
  /** Services whose API looks different from plain ProtoJSON. */
  readonly representations?: ReadonlyMap<DescService, Representation>;
  readonly limits?: Partial<RestLimits>;
  /** Which other origins browsers may call from. Default: none. */
  readonly cors?: CorsOptions;
  /** Makes the context values of a call, as the option of the same name of Connect's adapter. */
  readonly contextValues?: (req: NodeRequest) => ContextValues;
  /** Whether query parameters that name no field are passed over. Default: answered 400. */
  readonly ignoreUnknownQuery?: boolean;
  /** Whether JSON members that name no field are passed over. Default: answered 400. */
  readonly ignoreUnknownFields?: boolean;
  /** Dotted path of the response field that becomes the `id:` of server-sent events. */
  readonly eventIdField?: string;
  /**
   * Name of the field in requests for streams that takes such an id. Browsers send the last one they got as
   * `Last-Event-ID` when they ask again, which then goes before the query.
   */
  readonly resumeField?: string;
  /** Aborts all calls, with its reason as their error. */
  readonly shutdownSignal?: AbortSignal;
  /** Takes over requests whose path no route has. Default: they are answered 404. */
  readonly next?: (req: NodeRequest, res: NodeResponse) => void;
  /** Is told of what was thrown without being meant for a caller; the place for a log line. */
  readonly onFault?: (reason: unknown, call: RestCall | undefined) => void;
}

/** A REST face for the services of a Connect router. */
export interface Rest {
  /**
   * Wraps a router: services registered with the wrapper are registered with the router, and their
   * `google.api.http` rules are served by `handler`. Throws for rules that cannot be served and
   * for two routes of one method and shape.
   */
  tap(router: ConnectRouter): ConnectRouter;
  /** Answers a request. Never throws and never rejects; meant as the adapter's `fallback`. */
  readonly handler: (req: NodeRequest, res: NodeResponse) => void;
  /** What is served, in the order of registration. */
  readonly routes: readonly Binding[];
}

/**
 * Creates a REST face: a fourth protocol beside gRPC, gRPC-Web and Connect, which runs the same
 * implementations behind the same interceptors.
 *
 *     const rest = createRest({ interceptors });
 *     connectNodeAdapter({
 *       interceptors,
 *       routes: (router) => routes(rest.tap(router)),
 *       fallback: rest.handler,
 *     });
 */
export function createRest(options: RestOptions = {}): Rest {
  const settings = settingsOf(options);
  const routes: Binding[] = [];
  const add = (rpc: MethodImplSpec, interceptors: readonly Interceptor[] | undefined) => {
    for (const route of routesOf(settings, rpc, interceptors ?? options.interceptors ?? [])) {
      settings.table.add(route);
      routes.push(route);
    }
  };
  return {
    tap: (router) => tap(router, add),
    handler(req, res) {
      const fail = (reason: unknown) => {
        settings.onFault(reason, undefined);
        cutResponse(res);
      };
      try {
        serve(settings, req, res)?.catch(fail);
      } catch (reason) {
        fail(reason);
      }
    },
    routes,
  };
}

/** The options with nothing left open, and the routes; shared by all requests. */
export type RestSettings = ReturnType<typeof settingsOf>;

type AddRoutes = (rpc: MethodImplSpec, interceptors: readonly Interceptor[] | undefined) => void;

function settingsOf(options: RestOptions) {
  const limits: RestLimits = { ...defaultLimits, ...options.limits };
  const registry = createRegistry(file_google_rpc_error_details, ...(options.registry ?? []));
  const json = createJsonRepresentation({
    registry,
    bodyBytesMax: limits.bodyBytesMax,
    jsonDepthMax: limits.jsonDepthMax,
    eventIdField: options.eventIdField,
  });
  const special = new Map<DescService, CompleteRepresentation>();
  // Services that share a representation keep sharing it, so that errors near their routes have its form.
  const completed = new Map<Representation, CompleteRepresentation>();
  for (const [service, representation] of options.representations ?? []) {
    const complete = completed.get(representation) ?? completeRepresentation(representation, json);
    completed.set(representation, complete);
    special.set(service, complete);
  }
  const calls = new OpenCalls();
  const { shutdownSignal } = options;
  shutdownSignal?.addEventListener('abort', () => {
    calls.endAll(ConnectError.from(shutdownSignal.reason));
  });
  return {
    table: createRouteTable<Route>(),
    /** The calls under way. */
    calls,
    limits,
    registry,
    json,
    representationOf: (service: DescService) => special.get(service) ?? json,
    cors: options.cors,
    contextValues: options.contextValues,
    ignoreUnknownQuery: options.ignoreUnknownQuery ?? false,
    ignoreUnknownFields: options.ignoreUnknownFields ?? false,
    resumeField: options.resumeField,
    shutdownSignal,
    next: options.next,
    onFault: options.onFault ?? (() => undefined),
  };
}

function routesOf(
  settings: RestSettings,
  rpc: MethodImplSpec,
  interceptors: readonly Interceptor[],
): Route[] {
  const representation = settings.representationOf(rpc.method.parent);
  const { registry, ignoreUnknownQuery, ignoreUnknownFields, resumeField } = settings;
  const ownQuery = new Set(representation.ownQuery);
  const bindOptions = { registry, ignoreUnknownQuery, ignoreUnknownFields, ownQuery };
  return bindingsOf(rpc.method).map((binding) => ({
    ...binding,
    rpc,
    interceptors,
    representation,
    bindOptions,
    resumeField:
      rpc.kind === 'server_streaming'
        ? rpc.method.input.fields.find(({ name }) => name === resumeField)
        : undefined,
  }));
}

function tap(router: ConnectRouter, add: AddRoutes): ConnectRouter {
  const tapped: ConnectRouter = {
    handlers: router.handlers,
    service(service, implementation, options) {
      router.service(service, implementation, options);
      const { methods } = createServiceImplSpec(service, implementation);
      for (const rpc of Object.values(methods)) {
        add(rpc, options?.interceptors);
      }
      return tapped;
    },
    rpc(method, implementation, options) {
      router.rpc(method, implementation, options);
      add(createMethodImplSpec(method, implementation), options?.interceptors);
      return tapped;
    },
  };
  return tapped;
}
