import { inspect } from 'node:util';
import { create, createRegistry } from '@bufbuild/protobuf';
import { createContextValues } from '@connectrpc/connect';
import { translateErrors } from '../../src/transport/errors.js';
import { createRest } from '../../src/transport/rest/rest-handler.js';
import type { HttpRequest } from '../../src/transport/server/exchange.js';
import { baseInterceptors } from '../../src/transport/server/interceptors.js';
import type { Log } from '../../src/transport/server/log.js';
import { requestIdKey, requestIdOf } from '../../src/transport/server/request-id.js';
import { type Server, startServer } from '../../src/transport/server/server.js';
import { readMessage, writeMessage } from './compat.js';
import {
  type ServerCompatRequest,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from './gen/connectrpc/conformance/v1/server_compat_pb.js';
import {
  ConformanceService,
  file_connectrpc_conformance_v1_service,
} from './gen/connectrpc/conformance/v1/service_pb.js';
import { conformanceService } from './service.js';

// The server under test: started by the conformance runner once for each combination of settings.
// It is composed as the service is, with one service in place of four, and without authentication,
// since the runner has no credentials to send.

/** The runner has had all its answers when it says SIGTERM. */
const DRAIN_GRACE_MS = 500;

/** The runner shows what stands on stderr beside the tests that failed. */
const line = (fields: object, message: string) =>
  void process.stderr.write(`${message} ${inspect(fields)}\n`);
const log: Log = { info: () => undefined, warn: line, error: line };

const wanted = await readMessage(process.stdin, ServerCompatRequestSchema);
const server = await start(wanted);
process.once('SIGTERM', () => server.drain(DRAIN_GRACE_MS));
writeMessage(
  process.stdout,
  ServerCompatResponseSchema,
  create(ServerCompatResponseSchema, {
    host: '127.0.0.1',
    port: Number(new URL(server.url).port),
    ...(wanted.useTls && wanted.serverCreds && { pemCert: wanted.serverCreds.cert }),
  }),
);

function start({ useTls, serverCreds, messageReceiveLimit }: ServerCompatRequest): Promise<Server> {
  const interceptors = [...baseInterceptors(log), translateErrors];
  const registry = createRegistry(file_connectrpc_conformance_v1_service);
  const shutdown = new AbortController();
  const rest = createRest({
    interceptors,
    registry,
    contextValues,
    shutdownSignal: shutdown.signal,
  });
  return startServer({
    host: '127.0.0.1',
    port: 0,
    ...(useTls && serverCreds && { tls: pem(serverCreds) }),
    routes: (router) => rest.tap(router).service(ConformanceService, conformanceService),
    interceptors,
    fallback: rest.handler,
    contextValues,
    readiness: async () => [],
    log,
    registry,
    shutdown,
    reflection: { files: [file_connectrpc_conformance_v1_service] },
    ...(messageReceiveLimit > 0 && { limits: { readMaxBytes: messageReceiveLimit } }),
  });
}

function pem({ cert, key }: { readonly cert: Uint8Array; readonly key: Uint8Array }) {
  return { cert: Buffer.from(cert), key: Buffer.from(key) };
}

function contextValues(req: HttpRequest) {
  return createContextValues().set(requestIdKey, requestIdOf(req));
}
