import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parse as parseYaml } from 'yaml';
import { didYouMean, nearest } from './cli/nearest.js';
import {
  broker,
  type EgressRule,
  type Endpoint,
  egressRule,
  endpoint,
  many,
  one,
  oneOf,
  origin,
  path,
  publicUrl,
  readableFile,
  type Setting,
  timeZone,
  toggle,
  wholeNumber,
} from './cli/setting.js';
import { limits } from './domain/limits.js';
import { type LogLevel, logLevels } from './domain/log-level.js';

/** Everything that `predictd serve` was told. It was checked and does not change while the service runs. */
export interface ServeConfig {
  /** Absolute path. It need not exist. */
  readonly dataDirectory: string;
  readonly listen: Endpoint;
  /** Where metrics are served to whoever asks; absent: nowhere but on the one port, to callers. */
  readonly metricsListen: Endpoint | undefined;
  /** Absent: plaintext. */
  readonly tls: TlsFiles | undefined;
  /** `HOST:PORT` each; tasks that name no brokers use these. May be empty. */
  readonly brokers: readonly string[];
  /** Executions at once. */
  readonly tasksMax: number;
  readonly scoreTimeoutMs: number;
  /** Where tasks may connect besides `brokers`. */
  readonly allowEgress: readonly EgressRule[];
  /** Whether SymetryML's TaskInfo is taken without its encryption. */
  readonly allowPlainTaskInfo: boolean;
  /** Whether models with `Loop`, `Scan` or `If` are taken. */
  readonly allowModelLoops: boolean;
  /** Origins of web pages that may call the API. */
  readonly corsOrigins: readonly string[];
  readonly reflection: boolean;
  /** Whether the dashboard is served at `/`. */
  readonly ui: boolean;
  readonly dialects: readonly Dialect[];
  /** Whether records are read and written by the codec that is made for speed. */
  readonly fastCodec: boolean;
  /** What clients call the service, without a slash at the end. Absent: the address it listens on. */
  readonly publicUrl: string | undefined;
  /** IANA name, for dialects whose times have no zone. */
  readonly timeZone: string;
  readonly logLevel: LogLevel;
  /** Absolute path of a module that sets up OpenTelemetry, for this process and for runners. */
  readonly tracing: string | undefined;
  /** What the operator should know before the start. Nothing in it is secret. */
  readonly warnings: readonly string[];
}

/** PEM files that can be read. */
export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Documented foreign APIs. */
export const dialects = ['symetry', 'opentox', 'datameer', 'kandasearch'] as const;
export type Dialect = (typeof dialects)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of the process. Nothing else reads them; whoever needs one gets this. */
export function environment(): Environment {
  return Object.freeze({ ...process.env });
}

/** Flags by their name without dashes, as the command line gave them. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** All that is wrong with the settings, each line with the place it came from. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const settings = {
  data: one('data', 'DIR', 'directory that the service owns (required)', path),
  listen: one('listen', 'HOST:PORT', 'address of the one port', endpoint, '127.0.0.1:8080'),
  metricsListen: one(
    'metrics-listen',
    'HOST:PORT',
    'serve /metrics here without a login',
    endpoint,
  ),
  brokers: many('brokers', 'HOST:PORT,…', 'Kafka brokers of tasks that name none', broker),
  tasksMax: one(
    'tasks-max',
    'N',
    'executions that run at once',
    wholeNumber(1, 1_000),
    `${limits.tasksMaxDefault}`,
  ),
  scoreTimeout: one(
    'score-timeout',
    'SECONDS',
    'a model that takes longer for a part of a micro-batch hangs',
    wholeNumber(1, 50),
    `${limits.scoreTimeoutSecondsDefault}`,
  ),
  tlsCert: one('tls-cert', 'FILE', 'certificate chain, PEM; needs --tls-key', readableFile),
  tlsKey: one('tls-key', 'FILE', 'private key, PEM; needs --tls-cert', readableFile),
  allowEgress: many(
    'allow-egress',
    'HOST:PORT|CIDR',
    'where tasks may connect besides --brokers; repeatable',
    egressRule,
  ),
  allowPlainTaskInfo: toggle('allow-plain-taskinfo', 'take TaskInfo without encryption', false),
  allowModelLoops: toggle('allow-model-loops', 'take models with Loop, Scan or If', false),
  corsOrigins: many(
    'cors-origin',
    'ORIGIN',
    'web origin that may call the API; repeatable',
    origin,
  ),
  reflection: toggle('reflection', 'gRPC server reflection, /openapi.json and /docs', true),
  ui: toggle('ui', 'dashboard at /', true),
  dialects: many(
    'dialects',
    'NAME,…',
    'foreign APIs to serve, or none',
    oneOf([...dialects, 'none']),
    dialects.join(),
  ),
  fastCodec: toggle('fast-codec', 'read and write records with the fast codec', true),
  publicUrl: one('public-url', 'URL', 'what clients call the service', publicUrl),
  timeZone: one(
    'time-zone',
    'ZONE',
    'IANA zone of times that are shown without one',
    timeZone,
    Intl.DateTimeFormat().resolvedOptions().timeZone,
  ),
  logLevel: one('log-level', 'LEVEL', `one of ${logLevels.join(', ')}`, oneOf(logLevels), 'info'),
  tracing: one(
    'tracing',
    'FILE',
    'module that sets up OpenTelemetry, here and in runners',
    readableFile,
  ),
};

/** Every setting of `serve`, in the order of its help. */
export const serveSettings: readonly Setting[] = Object.values(settings);

/** Name of a setting's variable, `PREDICTD_TASKS_MAX` for `tasks-max`. */
export function variableOf(flag: string): string {
  return `${PREFIX}${flag.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * Settles every setting: flag over variable over config file over default. Throws one SettingsError
 * with all faults.
 */
export function loadServeConfig(flags: Flags, env: Environment): ServeConfig {
  const faults: string[] = [];
  const sources: Sources = { flags, env, ...configFile(flags, env, faults) };
  const get = <T>(setting: Setting<T>): T | undefined => {
    const found = lookUp(setting, sources);
    if (found === undefined) return undefined;
    try {
      return setting.read(found.texts);
    } catch (error) {
      faults.push(`${found.origin}: ${messageOf(error)}`);
      return undefined;
    }
  };
  const need = <T>(setting: Setting<T>, fallback: T): T => get(setting) ?? fallback;

  const data = get(settings.data);
  const listen = need(settings.listen, { host: '127.0.0.1', port: 0 });
  const metricsListen = get(settings.metricsListen);
  const tls = tlsFiles(get(settings.tlsCert), get(settings.tlsKey));
  const chosen = need(settings.dialects, []);
  const config: ServeConfig = {
    dataDirectory: data ?? '',
    listen: Object.freeze(listen),
    metricsListen: metricsListen && Object.freeze(metricsListen),
    tls,
    brokers: Object.freeze(need(settings.brokers, [])),
    tasksMax: need(settings.tasksMax, limits.tasksMaxDefault),
    scoreTimeoutMs: 1_000 * need(settings.scoreTimeout, limits.scoreTimeoutSecondsDefault),
    allowEgress: Object.freeze(need(settings.allowEgress, [])),
    allowPlainTaskInfo: need(settings.allowPlainTaskInfo, false),
    allowModelLoops: need(settings.allowModelLoops, false),
    corsOrigins: Object.freeze(need(settings.corsOrigins, [])),
    reflection: need(settings.reflection, true),
    ui: need(settings.ui, true),
    dialects: Object.freeze(dialects.filter((dialect) => chosen.includes(dialect))),
    fastCodec: need(settings.fastCodec, true),
    publicUrl: get(settings.publicUrl),
    timeZone: need(settings.timeZone, 'UTC'),
    logLevel: need(settings.logLevel, 'info'),
    tracing: get(settings.tracing),
    warnings: Object.freeze([
      ...exposure(listen, tls),
      ...metricsExposure(metricsListen),
      ...misspelled(env),
    ]),
  };
  if (lookUp(settings.data, sources) === undefined) {
    faults.push('--data: is required (or PREDICTD_DATA, or data in the config file)');
  }
  if (chosen.includes('none') && chosen.length > 1) {
    faults.push('--dialects: none cannot stand with others');
  }
  const given = [settings.tlsCert, settings.tlsKey].filter(
    (setting) => lookUp(setting, sources) !== undefined,
  );
  if (given.length === 1) {
    faults.push(`--${given[0]?.flag}: --tls-cert and --tls-key are given together or not at all`);
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return Object.freeze(config);
}

interface Sources {
  readonly flags: Flags;
  readonly env: Environment;
  readonly file: string;
  readonly values: Readonly<Record<string, readonly string[]>>;
}

interface Found {
  readonly origin: string;
  readonly texts: readonly string[];
}

function lookUp(setting: Setting, sources: Sources): Found | undefined {
  const { flag } = setting;
  const fromFlag = sources.flags[flag];
  if (fromFlag !== undefined) return { origin: `--${flag}`, texts: texts(setting, fromFlag) };
  const variable = variableOf(flag);
  const fromEnv = sources.env[variable];
  // Compose files and shells set a variable to nothing when they mean "not set".
  if (fromEnv) return { origin: variable, texts: texts(setting, fromEnv) };
  const fromFile = sources.values[flag];
  if (fromFile) return { origin: `${sources.file}: ${flag}`, texts: fromFile };
  if (setting.initial === undefined) return undefined;
  return { origin: `--${flag}`, texts: texts(setting, setting.initial) };
}

function texts(setting: Setting, given: string | boolean | readonly string[]): readonly string[] {
  const list = typeof given === 'object' ? given : [String(given)];
  if (setting.kind !== 'many') return list.slice(-1);
  return list.flatMap((text) => text.split(',')).map((text) => text.trim());
}

function configFile(flags: Flags, env: Environment, faults: string[]) {
  const file = flags.config ?? (env[variableOf('config')] || undefined);
  if (typeof file !== 'string') return { file: '', values: {} };
  try {
    const content: unknown = parseYaml(readFileSync(file, 'utf8')) ?? {};
    if (!isPlainObject(content)) throw new Error('must hold one setting a line, as `NAME: VALUE`');
    return { file, values: fileValues(file, content, faults) };
  } catch (error) {
    faults.push(`${file}: ${messageOf(error)}`);
    return { file, values: {} };
  }
}

function fileValues(file: string, content: Record<string, unknown>, faults: string[]) {
  const values: Record<string, readonly string[]> = {};
  const known = serveSettings.map((setting) => setting.flag);
  for (const [key, value] of Object.entries(content)) {
    const setting = serveSettings.find(({ flag }) => flag === key);
    const list = Array.isArray(value) ? value : [value];
    if (setting === undefined) {
      faults.push(`${file}: ${key}: is no setting${didYouMean(key, known)}`);
    } else if (list.some((item) => typeof item === 'object')) {
      faults.push(`${file}: ${key}: is neither a value nor a list of values`);
    } else {
      values[key] = texts(setting, list.map(String));
    }
  }
  return values;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trimEnd() : String(error);
}

function tlsFiles(certificateFile?: string, keyFile?: string): TlsFiles | undefined {
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  return Object.freeze({ certificateFile, keyFile });
}

function exposure({ host }: Endpoint, tls: TlsFiles | undefined): readonly string[] {
  if (tls !== undefined || isLoopback(host)) return [];
  return [
    `${host} can be reached from other machines, and without --tls-cert and --tls-key ` +
      'passwords, tokens and records travel unencrypted',
  ];
}

function metricsExposure(listen: Endpoint | undefined): readonly string[] {
  if (listen === undefined || isLoopback(listen.host)) return [];
  const shown = 'names of users and tasks, and how much they do';
  return [`metrics on ${listen.host} tell other machines, without a login, ${shown}`];
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

const PREFIX = 'PREDICTD_';

function bare(name: string): string {
  return name.slice(PREFIX.length);
}

/** Only near misses: orchestrators set variables of their own that begin like ours. */
function misspelled(env: Environment): readonly string[] {
  const ofClients = ['url', 'token', 'token-file', 'ca-file', 'context'].map(variableOf);
  const ofServe = ['config', ...serveSettings.map((setting) => setting.flag)].map(variableOf);
  const known = [...ofServe, ...ofClients];
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(bare(name), known.map(bare));
      return near ? [`${name} is no setting; did you mean ${PREFIX}${near}?`] : [];
    });
}
