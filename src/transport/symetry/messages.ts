import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReplySchema } from '../../../gen/ts/symetry/v1/reply_pb.js';
import type { TaskInfo } from '../../../gen/ts/symetry/v1/task_service_pb.js';
import type { SpecDraft, TaskDraft } from '../../domain/draft.js';
import { Faults } from '../../domain/faults.js';
import { limits } from '../../domain/limits.js';
import { shown } from '../../domain/names.js';
import type { State } from '../../domain/state.js';
import { formatUtc } from '../../secrets/symetry-date.js';
import type { CreateWarning } from '../../service/create-task.js';
import type { TaskView } from '../../service/views.js';
import { keys, type Params, sortParams } from './params.js';

export type ReplyInit = MessageInitShape<typeof ReplySchema>;

/** A TaskInfo in the words of the domain. */
export interface DefinedTask {
  readonly draft: TaskDraft & { readonly spec: SpecDraft };
  /** What the domain has no words for. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What of it has no effect, or another than was asked for. */
  readonly warnings: readonly CreateWarning[];
}

/** Reads a TaskInfo; INVALID_FIELD with SymetryML's own keys if its settings cannot be read. */
export function taskFromInfo({ type, params }: TaskInfo, owner: Owner): DefinedTask {
  const sorted = sortParams(params);
  const warnings: CreateWarning[] = [];
  const faults = new Faults();
  const draft = { spec: specOf(sorted, { faults, warnings, owner }) };
  faults.throwIfAny();
  const unknown = Object.keys(sorted.unknown);
  if (unknown.length > 0) {
    const names = unknown.map(shown).join(', ');
    const message = `Settings that are not known have no effect: ${names}.`;
    warnings.push({ reason: 'UNKNOWN_SETTINGS', message: message.slice(0, warningCharsMax) });
  }
  const annotations = {
    [typeAnnotation]: type,
    [unknownAnnotation]: JSON.stringify(sorted.unknown),
  };
  return { draft, annotations, warnings };
}

/** What a task does, by the four documented keys. */
export function statusOf({ status }: TaskView): Record<string, string> {
  const isRunning = runningStates.has(status.state);
  return {
    status: isRunning ? 'running' : 'stopped',
    startDateTime: isRunning && status.startedAt !== undefined ? formatUtc(status.startedAt) : '',
    processIsAlive: String(status.processIsAlive),
    lastError: status.lastError,
  };
}

/** An answer without an entity. */
export function reply(statusCode: 'OK' | 'CREATED', statusString: string = statusCode): ReplyInit {
  return { statusCode, statusString, values: {} };
}

/** An answer that is a list of texts. */
export function listReply(values: readonly string[]): ReplyInit {
  return { statusCode: 'OK', statusString: 'OK', values: { stringList: { values: [...values] } } };
}

/** An answer that is a table, one map a row. */
export function mapsReply(maps: readonly Readonly<Record<string, string>>[]): ReplyInit {
  const values = maps.map((entries) => ({ entries }));
  return { statusCode: 'OK', statusString: 'OK', values: { ksvsMap: { values } } };
}

const typeAnnotation = 'symetry/type';
const unknownAnnotation = 'symetry/unknown-params';
const warningCharsMax = 2_000;

/**
 * A task whose runner is replaced or gone out of sight is still meant to run; whether its process is alive is told
 * beside.
 */
const runningStates: ReadonlySet<State> = new Set<State>([
  'STARTING',
  'RUNNING',
  'DEGRADED',
  'RESTARTING',
  'STOPPING',
  'UNKNOWN',
]);

/** Who defines a task; the key is known if it was signed with. */
export interface Owner {
  readonly cid: string;
  readonly secretKey: string | undefined;
}

interface Findings {
  readonly owner: Owner;
  readonly faults: Faults;
  readonly warnings: CreateWarning[];
}

function specOf({ settings, kafkaOptions }: Params, findings: Findings): SpecDraft {
  const clientId = settings.get(keys.clientId);
  const registry = settings.get(keys.registryUrl);
  // The document's records are Avro; without a registry they can only be JSON, which is our own extension.
  const format = registry === undefined ? 'JSON' : 'AVRO';
  const topic = settings.get(keys.sourceTopic);
  return {
    source: {
      topic,
      format,
      bootstrapServers: listOf(settings.get(keys.servers)),
      consumerGroup: settings.get(keys.appId),
      startFrom: settings.get(keys.offsetReset)?.toUpperCase(),
      schemaRegistryUrl: registry,
      options: { ...kafkaOptions, ...(clientId === undefined ? {} : { 'client.id': clientId }) },
    },
    sink: { topic: settings.get(keys.sinkTopic), format },
    predictor: predictorOf(settings, findings),
    guarantee: guaranteeOf(settings, findings),
    parallelism: numberOf(settings, keys.threads, findings),
    batch: {
      maxRecords: bounded(settings, {
        key: keys.recordsMax,
        most: limits.batchRecordsMax,
        ...findings,
      }),
      maxWaitMs: bounded(settings, {
        key: keys.scheduleMs,
        most: limits.batchWaitMsMax,
        ...findings,
      }),
    },
    heapMin: settings.get(keys.heapMin),
    heapMax: settings.get(keys.heapMax),
  };
}

type Settings = Params['settings'];

function predictorOf(
  settings: Settings,
  { faults, warnings, owner }: Findings,
): SpecDraft['predictor'] {
  if (settings.get(keys.rest)?.toLowerCase() === 'true') {
    return {
      symetry: {
        url: settings.get(keys.restHost),
        // Who names nobody predicts as himself.
        user: settings.get(keys.restUser) ?? owner.cid,
        secretKey: settings.get(keys.restSecret) ?? owner.secretKey,
        project: settings.get(keys.restProject),
        model: settings.get(keys.restModel),
        features: listOf(settings.get(keys.features)),
      },
    };
  }
  const given = restKeys.filter((key) => settings.has(key));
  if (given.length > 0) {
    const message = `Without ${keys.rest}=true these have no effect: ${given.join(', ')}.`;
    warnings.push({ reason: 'SETTING_UNUSED', message });
  }
  const file = settings.get(keys.modelFile);
  if (file === undefined) {
    faults.add(keys.modelFile, 'REQUIRED', 'Name an uploaded model.');
    return undefined;
  }
  return { onnx: { model: baseName(file), features: listOf(settings.get(keys.features)) } };
}

/** What says where and as whom to predict over REST. */
const restKeys = [keys.restHost, keys.restUser, keys.restSecret, keys.restProject, keys.restModel];

/** The last part of a path: clients name files, but only uploaded models are ever looked at. */
function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? '';
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').map((part) => part.trim());
}

/** Both names that Kafka Streams has for it count. */
function guaranteeOf(settings: Settings, { faults }: Findings): string | undefined {
  const given = settings.get(keys.guarantee);
  if (given === undefined) return undefined;
  const known = guarantees.get(given.toLowerCase());
  if (known !== undefined) return known;
  faults.add(keys.guarantee, 'UNKNOWN_VALUE', `Use ${[...guarantees.keys()].join(' or ')}.`);
  return undefined;
}

const guarantees: ReadonlyMap<string, string> = new Map([
  ['exactly_once_v2', 'EXACTLY_ONCE'],
  ['exactly_once', 'EXACTLY_ONCE'],
  ['at_least_once', 'AT_LEAST_ONCE'],
]);

function numberOf(
  settings: Settings,
  key: string,
  { faults }: Pick<Findings, 'faults'>,
): number | undefined {
  const given = settings.get(key);
  if (given === undefined) return undefined;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  faults.add(key, 'INVALID_NUMBER', `"${shown(given)}" is no whole number.`);
  return undefined;
}

/** A number that is cut to what a micro-batch may be, which its owner is told. */
function bounded(
  settings: Settings,
  {
    key,
    most,
    faults,
    warnings,
  }: Pick<Findings, 'faults' | 'warnings'> & { readonly key: string; readonly most: number },
): number | undefined {
  const number = numberOf(settings, key, { faults });
  if (number === undefined || number <= most) return number;
  const message = `${key}: ${number} is more than there may be; ${most} is used.`;
  warnings.push({ reason: 'SETTING_CUT', message });
  return most;
}
