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
import { CommandError } from './exit-code.js';

/** The service as a client sees it. Whoever opens it closes it: it keeps the process alive. */
export interface Connection {
  readonly url: string;
  readonly tasks: Client<typeof TaskService>;
  readonly executions: Client<typeof ExecutionService>;
  readonly deadLetters: Client<typeof DeadLetterService>;
  readonly models: Client<typeof ModelService>;
  readonly users: Client<typeof UserService>;
  readonly admin: Client<typeof AdminService>;
  readonly targets: Client<typeof TargetService>;
  close(): void;
}

/** Where the service is and who calls. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
}

/** Where a service listens that was not told otherwise. */
export const defaultUrl = 'http://127.0.0.1:8080';

/** Prepares to call the service. Nothing is sent before the first call. */
export function connect(flags: ConnectionFlags, env: Environment): Connection {
  const url = serviceUrl(flags.url ?? (env.PREDICTD_URL || defaultUrl));
  const token = readToken(flags, env);
  const caFile = flags.caFile ?? (env.PREDICTD_CA_FILE || undefined);
  const nodeOptions = caFile === undefined ? {} : { ca: readText(caFile, '--ca-file') };
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

function serviceUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`--url: ${JSON.stringify(text)} is no http or https URL`, {
      hint: `write it as ${defaultUrl}`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new CommandError('--url: carries a password, which other users of the machine can see', {
      hint: 'set PREDICTD_TOKEN or give --token-file FILE instead',
    });
  }
  return url.href.replace(/\/+$/, '');
}

function readToken(flags: ConnectionFlags, env: Environment): string | undefined {
  const fromFlag = flags.tokenFile;
  if (fromFlag !== undefined) return tokenOfFile(fromFlag, '--token-file');
  if (env.PREDICTD_TOKEN) return checkToken(env.PREDICTD_TOKEN.trim(), 'PREDICTD_TOKEN');
  const fromEnv = env.PREDICTD_TOKEN_FILE;
  return fromEnv ? tokenOfFile(fromEnv, 'PREDICTD_TOKEN_FILE') : undefined;
}

/** The file holds the token alone, or is the JSON of `admin.json` or `users create`. */
function tokenOfFile(file: string, origin: string): string {
  const text = readText(file, origin).trim();
  if (!text.startsWith('{')) return checkToken(text, `${origin}: ${file}`);
  try {
    const content: unknown = JSON.parse(text);
    const token = typeof content === 'object' && content !== null && 'token' in content;
    if (token && typeof content.token === 'string') return checkToken(content.token, origin);
  } catch {
    // The sentence below covers it, without showing what may be secret.
  }
  throw new CommandError(`${origin}: ${file} holds neither a token nor JSON with one`);
}

function checkToken(token: string, origin: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CommandError(`${origin}: is no token: a token is one word of ASCII characters`);
}

function readText(file: string, origin: string): string {
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
