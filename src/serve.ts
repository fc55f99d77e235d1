import { readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRegistry, type DescService } from '@bufbuild/protobuf';
import { cors as rpcCors } from '@connectrpc/connect';
import { file_google_rpc_error_details } from '../gen/ts/google/rpc/error_details_pb.js';
import type { EgressRule } from './cli/setting.js';
import { packageVersion } from './cli/version.js';
import { type Environment, environment, type ServeConfig } from './config.js';
import { createDialects } from './dialects.js';
import { systemClock } from './domain/clock.js';
import { DomainError } from './domain/errors.js';
import type { ExecutionLogs } from './domain/execution-log.js';
import type { ChangeFeed, Clock, ModelFiles } from './domain/ports.js';
import { createDeadLetters } from './kafka/dead-letters.js';
import { createCommittedProgress } from './runner/committed-progress.js';
import { createModelRunner } from './runner/one-shot.js';
import { createSecrets } from './secrets/create-secrets.js';
import { createPasswordVerifier } from './secrets/passwords.js';
import { hashToken } from './secrets/tokens.js';
import { openVault, type Vault } from './secrets/vault.js';
import { createService, type Service } from './service/create-service.js';
import { ensureFirstAdmin } from './service/first-start.js';
import { applyRetention } from './service/retention.js';
import { Watchers } from './service/watchers.js';
import { archive } from './store/archive.js';
import { openExecutionLogs } from './store/execution-logs.js';
import { type DirectoryLock, lockDataDirectory } from './store/lock.js';
import { openModelFiles, removeUnusedModels } from './store/model-files.js';
import { openStore, type SqliteStore } from './store/store.js';
import { createChangeFeed } from './supervisor/change-feed.js';
import { TaskSupervisor } from './supervisor/supervisor.js';
import { logEvents } from './telemetry/event-log.js';
import { createLog, type Log, logControlOf } from './telemetry/log.js';
import { rpcMetrics } from './telemetry/rpc-metrics.js';
import { rpcTracing } from './telemetry/rpc-tracing.js';
import { RunnerMeasures } from './telemetry/runner-measures.js';
import { RunnerWatch } from './telemetry/runner-watch.js';
import { createServiceMetrics, type ServiceMetrics } from './telemetry/service-metrics.js';
import { activeTracer, flushSpans } from './telemetry/tracing.js';
import { createAuthenticator } from './transport/auth.js';
import { callFields, callLog } from './transport/call-log.js';
import { callContext } from './transport/caller.js';
import { coreApi } from './transport/core/documentation.js';
import { coreInterceptors, coreServices, registerCore } from './transport/core/register.js';
import type { CorsOptions } from './transport/cors.js';
import { dashboardRoutes } from './transport/dashboard.js';
import type { Dialect } from './transport/dialect.js';
import { toConnectError } from './transport/errors.js';
import { guardedMetrics, openMetrics } from './transport/metrics-route.js';
import { documentationRoutes } from './transport/openapi/routes.js';
import type { Representation } from './transport/rest/representation.js';
import { createRest, type Rest } from './transport/rest/rest-handler.js';
import type { HttpRequest } from './transport/server/exchange.js';
import { baseInterceptors } from './transport/server/interceptors.js';
import type { PlainRoutes } from './transport/server/plain-routes.js';
import { requestIdKey, requestIdOf } from './transport/server/request-id.js';
import { type Server, startServer } from './transport/server/server.js';

/** Time for calls in flight when the service is asked to end. */
const drainGraceMs = 10_000;
const retentionEveryMs = 3_600_000;
/** The only variables of ours that runners see. */
const runnerVariables = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/**
 * Runs the service until SIGTERM or SIGINT: opens the data directory, takes up what should run, and listens. Prints one
 * line that ends with `listening on URL` when it is ready. A second signal ends it at once.
 */
export async function serve(config: ServeConfig): Promise<void> {
  const log = createLog(config.logLevel);
  if (config.tracing !== undefined) await import(pathToFileURL(config.tracing).href);
  const lock = await lockDataDirectory(config.dataDirectory);
  try {
    const core = await openCore(config, { log, lock });
    try {
      await untilAsked(config, core);
    } finally {
      // Also where the port is taken: what runs by then would keep the process.
      await core.supervisor.drain();
      await core.store.close();
    }
  } finally {
    await lock.release();
  }
}

async function untilAsked(config: ServeConfig, core: Core): Promise<void> {
  const { log } = core;
  const server = await listen(config, core);
  const metricsServer = await listenForMetrics(config, core, server).catch(async (error) => {
    await server.drain(0);
    throw error;
  });
  process.stdout.write(`predictd ${packageVersion()} listening on ${server.url}\n`);
  const retain = () => {
    applyRetention(core).then(
      (forgotten) => log.info(forgotten, 'retention applied'),
      (error: unknown) => log.error({ err: error }, 'retention failed'),
    );
  };
  // Also now: a service that is started again every hour would never forget anything.
  retain();
  const retention = setInterval(retain, retentionEveryMs);
  const signal = await asked();
  log.info({ signal }, 'draining');
  clearInterval(retention);
  await Promise.all([server.drain(drainGraceMs), metricsServer?.drain(0), core.supervisor.drain()]);
  await flushSpans();
}

interface Core {
  readonly log: Log;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly store: SqliteStore;
  readonly modelFiles: ModelFiles;
  readonly logs: ExecutionLogs;
  readonly supervisor: TaskSupervisor;
  readonly service: Service;
  readonly metrics: ServiceMetrics;
  readonly watchers: Watchers;
}

async function openCore(
  config: ServeConfig,
  { log, lock }: { readonly log: ReturnType<typeof createLog>; readonly lock: DirectoryLock },
): Promise<Core> {
  const clock = systemClock;
  const feed = createChangeFeed();
  logEvents(feed, log);
  const { dataDirectory, tasksMax } = config;
  const metrics = createServiceMetrics({ version: packageVersion(), dataDirectory, tasksMax });
  const measures = runnerMeasures(feed);
  const vault = await openVault(dataDirectory);
  const observe = (operation: 'read' | 'write', ms: number) =>
    metrics.store.observe({ operation }, ms / 1_000);
  const store = await openStore({ dataDir: dataDirectory, log, lock, vault, observe });
  const modelFiles = await openModelFiles(config.dataDirectory);
  const unused = await removeUnusedModels(config.dataDirectory, store);
  if (unused > 0) log.warn({ unused }, 'files that no model names were removed');
  const logs = await openExecutionLogs(config.dataDirectory);
  const runner = runnerSettings(config);
  const secrets = createSecrets(vault);
  const admin = await ensureFirstAdmin({ store, secrets, clock }, config.dataDirectory);
  if (admin !== undefined) log.info({ file: admin }, 'the user admin was made');
  const supervisor = await TaskSupervisor.open({
    store,
    modelFiles,
    logs,
    feed,
    clock,
    log,
    tasksMax,
    runner,
    watch: new RunnerWatch(measures),
    committed: createCommittedProgress(runner),
  });
  const modelRunner = createModelRunner({
    ...runner,
    allowLoops: config.allowModelLoops,
    modelPath: modelFiles.path,
  });
  const settings = { brokers: runner.brokers, allowEgress: runner.allowEgress };
  const deps = {
    store,
    supervisor,
    modelRunner,
    modelFiles,
    logs,
    deadLetters: createDeadLetters({
      fastCodec: runner.fastCodec,
      allowEgress: [...runner.brokers, ...runner.allowEgress],
    }),
    feed,
    clock,
    secrets,
    settings,
    archive: () => archive(config.dataDirectory, store),
    measured: measures,
    logControl: logControlOf(log),
  };
  const watchers = new Watchers();
  const service = createService(deps, { watchers });
  const parts = { log, clock, vault, store, modelFiles, logs, supervisor };
  return { ...parts, service, metrics, watchers };
}

/** What runners measured goes with their task. */
function runnerMeasures(feed: ChangeFeed): RunnerMeasures {
  const measures = new RunnerMeasures();
  feed.subscribe((change) => {
    if (change.type === 'event' && change.event.reason === 'DELETED') {
      measures.forget(change.event.taskId);
    }
  });
  return measures;
}

function runnerSettings(config: ServeConfig) {
  const all = environment();
  const variables: Record<string, string> = {};
  for (const name of runnerVariables) {
    const value = all[name];
    if (value !== undefined) variables[name] = value;
  }
  if (config.tracing !== undefined) Object.assign(variables, tracingVariables(all));
  return {
    brokers: config.brokers,
    allowEgress: config.allowEgress.map(egressText),
    fastCodec: config.fastCodec,
    scoreTimeoutMs: config.scoreTimeoutMs,
    variables,
    ...(config.tracing === undefined ? {} : { preload: pathToFileURL(config.tracing).href }),
  };
}

/** What OpenTelemetry is told by. Runners that trace need it; others never see it. */
function tracingVariables(all: Environment): Environment {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith('OTEL_')));
}

function egressText(rule: EgressRule): string {
  if (rule.type === 'network') return `${rule.address}/${rule.prefixLength}`;
  const host = rule.host.includes(':') ? `[${rule.host}]` : rule.host;
  return `${host}:${rule.port}`;
}

async function listen(config: ServeConfig, core: Core): Promise<Server> {
  const { log, store, service, metrics } = core;
  const verifier = createPasswordVerifier();
  const authenticator = createAuthenticator({
    store,
    verifyPassword: verifier.verify,
    hashToken,
    now: core.clock.now,
  });
  const dialects = createDialects(config.dialects, {
    service,
    authenticator,
    store,
    seal: core.vault.seal,
    unseal: core.vault.unseal,
    receiveFile: core.modelFiles.receive,
    now: core.clock.now,
    allowPlainTaskInfo: config.allowPlainTaskInfo,
    publicUrl: config.publicUrl,
    timeZone: config.timeZone,
  });
  const tracer = activeTracer();
  const interceptors = [
    rpcMetrics(metrics.calls),
    ...(tracer ? [rpcTracing(tracer)] : []),
    ...baseInterceptors(log, callFields),
    callLog(log),
    ...coreInterceptors({ authenticator }),
  ];
  const shutdown = new AbortController();
  const cors = crossOrigin(config.corsOrigins);
  const rest = createRest({
    interceptors,
    registry: createRegistry(...coreServices),
    representations: representationsOf(dialects),
    contextValues,
    eventIdField: 'sequence',
    resumeField: 'after_sequence',
    shutdownSignal: shutdown.signal,
    onFault: (error) => log.error({ err: error }, 'a REST call failed'),
    ...(cors && { cors }),
  });
  return startServer({
    ...config.listen,
    tls: await tlsFiles(config),
    routes: (router) => {
      const tapped = rest.tap(router);
      registerCore(tapped, service);
      for (const dialect of dialects) dialect.register(tapped);
    },
    interceptors,
    plainRoutes: new Map([
      ...documentation(config, { dialects, bindings: rest.routes }),
      ...(await dashboard(config, log)),
      ['/metrics', guardedMetrics(authenticator, scraped(core))],
    ]),
    onExchange: ({ httpVersion }, { headersSent, statusCode }) => {
      const status = headersSent ? String(statusCode) : 'none';
      metrics.requests.inc({ version: httpVersion, status });
    },
    fallback: rest.handler,
    cors,
    contextValues,
    readiness: () => failingChecks(store),
    log,
    shutdown,
    drainReason: toConnectError(new DomainError('SHUTTING_DOWN')),
    ...(config.reflection ? { reflection: { files: [file_google_rpc_error_details] } } : {}),
  });
}

/** What reflection tells RPC clients, for clients of HTTP: who turned the one off does not want the other. */
function documentation(
  { reflection, publicUrl }: ServeConfig,
  served: { readonly dialects: readonly Dialect[]; readonly bindings: Rest['routes'] },
): PlainRoutes {
  if (!reflection) return new Map();
  const apis = [coreApi, ...served.dialects.map((dialect) => dialect.documentation)];
  return documentationRoutes({ ...served, apis, version: packageVersion(), publicUrl });
}

/** A port of its own for metrics, if there shall be one; and what the first one is made of is shown from now on. */
async function listenForMetrics(
  { metricsListen }: ServeConfig,
  core: Core,
  server: Server,
): Promise<Server | undefined> {
  const { log, store, watchers } = core;
  core.metrics.gauge({
    watchers: () => watchers.count,
    connections: server.connections,
    writesQueued: store.writesQueued,
  });
  if (!metricsListen) return undefined;
  const metricsServer = await startServer({
    ...metricsListen,
    routes: () => undefined,
    interceptors: [],
    plainRoutes: new Map([['/metrics', openMetrics(scraped(core))]]),
    readiness: () => failingChecks(store),
    log,
  });
  log.info({ url: `${metricsServer.url}/metrics` }, 'metrics are served');
  return metricsServer;
}

function scraped({ service, metrics, clock }: Core) {
  return { registry: metrics.registry, sampleTasks: service.sampleTasks, now: clock.now };
}

/** One policy for all protocols; pages may read what a client of any of them needs. */
function crossOrigin(origins: readonly string[]): CorsOptions | undefined {
  const exposedHeaders = [...rpcCors.exposedHeaders, 'retry-after', 'x-request-id'];
  return origins.length > 0 ? { origins, exposedHeaders } : undefined;
}

function representationsOf(dialects: readonly Dialect[]): Map<DescService, Representation> {
  const all = dialects.flatMap(({ representations }) => representations);
  return new Map(all.map(({ service, representation }) => [service, representation]));
}

/** Built beside this file. Without it everything else still works. */
const dashboardFolder = fileURLToPath(new URL('../ui/', import.meta.url));

async function dashboard(config: ServeConfig, log: Log): Promise<PlainRoutes> {
  if (!config.ui) return new Map();
  try {
    return await dashboardRoutes(dashboardFolder);
  } catch (error) {
    log.warn({ err: error }, 'there is no dashboard: it was not built');
    return new Map();
  }
}

function contextValues(req: HttpRequest) {
  return callContext(req).set(requestIdKey, requestIdOf(req));
}

async function tlsFiles({ tls }: ServeConfig) {
  if (!tls) return undefined;
  const [cert, key] = await Promise.all([readFile(tls.certificateFile), readFile(tls.keyFile)]);
  return { cert, key };
}

/** Ready means that the store takes writes; one user's broker does not matter to the others. */
async function failingChecks(store: SqliteStore) {
  try {
    await store.prove();
    return [];
  } catch (error) {
    return [{ check: 'store', reason: error instanceof Error ? error.message : String(error) }];
  }
}

/** Resolves at the first signal; at the second the process ends at once. */
function asked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (signal: NodeJS.Signals) => {
      signals += 1;
      if (signals > 1) process.exit(1);
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
