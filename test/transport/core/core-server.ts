import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import {
  create,
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import type { Interceptor, Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { hashToken } from '../../../src/secrets/tokens.js';
import type { ServiceTuning } from '../../../src/service/create-service.js';
import { createAuthenticator } from '../../../src/transport/auth.js';
import { callContext } from '../../../src/transport/caller.js';
import { coreInterceptors, registerCore } from '../../../src/transport/core/register.js';
import { baseInterceptors } from '../../../src/transport/server/interceptors.js';
import { startServer } from '../../../src/transport/server/server.js';
import { openWorld } from '../../service/world.js';

export type CoreServer = Awaited<ReturnType<typeof startCore>>;

/** What a server logged as faults of the program. */
type Faults = { readonly fields: object; readonly message: string }[];

/** The core's services on a real listener, over the use cases on a real store. */
export async function startCore(
  t: TestContext,
  options: ServiceTuning & { readonly dialects?: readonly Interceptor[] } = {},
) {
  const world = await openWorld(t, options);
  const faults: Faults = [];
  const log = {
    info() {},
    warn() {},
    error: (fields: object, message: string) => void faults.push({ fields, message }),
  };
  let now = Date.now();
  const authenticator = createAuthenticator({
    store: world.store,
    hashToken,
    verifyPassword: async ({ password, passwordHash }) =>
      createHash('sha256').update(password).digest('hex') === passwordHash,
    now: () => now,
  });
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    routes: (router) => registerCore(router, world.service),
    interceptors: [
      ...baseInterceptors(log),
      ...coreInterceptors({ authenticator, dialects: options.dialects ?? [] }),
    ],
    contextValues: callContext,
    readiness: async () => [],
    log,
    reflection: { files: [] },
  });
  t.after(() => server.drain(0));
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...world, url: server.url, faults, pass };
}

/** A client's way to the server, as a user; by default over gRPC. */
export function transportTo(
  { url: baseUrl }: Pick<CoreServer, 'url'>,
  authorization: string | undefined,
  protocol: 'grpc' | 'grpc-web' | 'connect' | 'connect-json' = 'grpc',
): Transport {
  const authorize: Interceptor = (next) => (req) => {
    if (authorization !== undefined) req.header.set('authorization', authorization);
    return next(req);
  };
  const options = { baseUrl, httpVersion: '2' as const, interceptors: [authorize] };
  switch (protocol) {
    case 'grpc':
      return createGrpcTransport(options);
    case 'grpc-web':
      return createGrpcWebTransport(options);
    case 'connect':
      return createConnectTransport({ ...options, useBinaryFormat: true });
    case 'connect-json':
      return createConnectTransport({ ...options, httpVersion: '1.1' });
  }
}

/** Calls any method with one message, and answers its first answer. */
export async function call(
  transport: Transport,
  method: DescMethod,
  input: MessageInitShape<DescMessage>,
): Promise<unknown> {
  if (method.methodKind === 'unary') {
    const res = await transport.unary<DescMessage, DescMessage>(
      method as DescMethod & { methodKind: 'unary' },
      undefined,
      undefined,
      undefined,
      input,
    );
    return res.message;
  }
  const res = await transport.stream<DescMessage, DescMessage>(
    method as DescMethod & { methodKind: 'server_streaming' },
    undefined,
    undefined,
    undefined,
    (async function* () {
      yield create(method.input, input);
    })(),
  );
  for await (const message of res.message) return message;
  return undefined;
}
