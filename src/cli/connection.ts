import { readFileSync } from 'node:fs';
import { type Client, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { AdminService } from '../../gen/ts/predictd/v1/admin_service_pb.js';
import { DeadLetterService } from '../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { ExecutionService } from '../../gen/ts/predictd/v1/execution_service_pb.js';
import { ModelService } from '../../gen/ts/predictd/v1/model_service_pb.js';
import { TargetService } from '../../gen/ts/predictd/v1/target_service_pb.js';
import { TaskService } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { UserService } from '../../gen/ts/predictd/v1/user_service_pb.js';
import type { Environment } from '../config.js';
import {
  type ConnectionFlags,
  type Credential,
  type Destination,
  defaultUrl,
  type Settled,
  settleDestination,
} from './destination.js';
import { CommandError } from './exit-code.js';

/** The service as a client sees it. Whoever opens it closes it: it keeps the process alive. */
export interface Connection {
  readonly url: string;
  /** What set the token, if there is one. */
  readonly tokenFrom: string | undefined;
  readonly tasks: Client<typeof TaskService>;
  readonly executions: Client<typeof ExecutionService>;
  readonly deadLetters: Client<typeof DeadLetterService>;
  readonly models: Client<typeof ModelService>;
  readonly users: Client<typeof UserService>;
  readonly admin: Client<typeof AdminService>;
  readonly targets: Client<typeof TargetService>;
  close(): void;
}

/** Prepares to call the service. Nothing is sent before the first call. */
export function connect(flags: ConnectionFlags, env: Environment): Connection {
  return connectTo(settleDestination(flags, env));
}

/** As `connect`, where the flags and variables have been looked at. */
export function connectTo({ credential, caFile, ...destination }: Destination): Connection {
  const url = serviceUrl(destination.url);
  const token = readToken(credential);
  const nodeOptions = caFile === undefined ? {} : { ca: readText(caFile.value, caFile.origin) };
  const keepAlive = { pingIntervalMs: PING_EVERY_MS, pingTimeoutMs: PING_TIMEOUT_MS };
  const sessionManager = new Http2SessionManager(url, keepAlive, nodeOptions);
  const transport = createGrpcTransport({
    baseUrl: url,
    nodeOptions,
    sessionManager,
    readMaxBytes: READ_MAX_BYTES,
    interceptors: token === undefined ? [] : [bearer(token)],
  });
  return {
    url,
    tokenFrom: credential?.origin,
    tasks: createClient(TaskService, transport),
    executions: createClient(ExecutionService, transport),
    deadLetters: createClient(DeadLetterService, transport),
    models: createClient(ModelService, transport),
    users: createClient(UserService, transport),
    admin: createClient(AdminService, transport),
    targets: createClient(TargetService, transport),
    close: () => sessionManager.abort(),
  };
}

/** A watch on a dead network is noticed after the sum of these. */
const PING_EVERY_MS = 20_000;
const PING_TIMEOUT_MS = 10_000;
/** Twice the largest message that the service writes. */
const READ_MAX_BYTES = 32 * 1024 * 1024;

/** The URL of a service as calls are made to it. Throws a usage error that names where it came from. */
export function serviceUrl({ value, origin }: Settled<string>): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`${origin}: ${JSON.stringify(value)} is no http or https URL`, {
      hint: `write it as ${defaultUrl}`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new CommandError(
      `${origin}: carries a password, which other users of the machine can see`,
      {
        hint: 'set PREDICTD_TOKEN or give --token-file FILE instead',
      },
    );
  }
  return url.href.replace(/\/+$/, '');
}

function readToken(credential: Settled<Credential> | undefined): string | undefined {
  if (credential === undefined) return undefined;
  const { value, origin } = credential;
  return value.kind === 'file' ? tokenOfFile(value.file, origin) : checkToken(value.token, origin);
}

/** The token in a file: alone, or in the JSON of `admin.json` or `users create`. */
export function tokenOfFile(file: string, origin: string): string {
  return tokenOfText(readText(file, origin), `${origin}: ${file}`);
}

/** As `tokenOfFile`, of what stands in one. */
export function tokenOfText(content: string, origin: string): string {
  const text = content.trim();
  if (!text.startsWith('{')) return checkToken(text, origin);
  try {
    const json: unknown = JSON.parse(text);
    const token = typeof json === 'object' && json !== null && 'token' in json;
    if (token && typeof json.token === 'string') return checkToken(json.token, origin);
  } catch {
    // The sentence below covers it, without showing what may be secret.
  }
  throw new CommandError(`${origin} holds neither a token nor JSON with one`);
}

function checkToken(token: string, origin: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CommandError(`${origin}: is no token: a token is one word of ASCII characters`);
}

/** A file's text. Throws a usage error if it cannot be read. */
export function readText(file: string, origin: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new CommandError(`${origin}: ${file} cannot be read${code}`);
  }
}

function bearer(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
}
