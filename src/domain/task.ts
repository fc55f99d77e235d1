import type { Scoring } from './scoring.js';

/** What the user defines and steers. Times are milliseconds since 1970 on the service's clock. */
export interface Task {
  /** From the one sequence that covers tasks, executions and files. */
  readonly id: number;
  readonly uid: string;
  /** Name of the owner. */
  readonly user: string;
  /** Last part of the resource name. */
  readonly name: string;
  /** Counts the changes of the definition, from 1; the etag is made of it. */
  readonly version: number;
  /** Counts the changes of the spec, from 1. */
  readonly generation: number;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What a dialect must give back but the core does not know. Never shown by the core API. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: TaskSpec;
  /** Models that the next execution begins with, since they were first changed or ran; `scoringOf` reads it. */
  readonly scoring?: Scoring;
  readonly desired: 'STARTED' | 'STOPPED';
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a task does, with every default filled in. */
export interface TaskSpec {
  readonly source: Source;
  readonly sink: Sink;
  readonly predictor: Predictor;
  readonly until: 'STOPPED' | 'END';
  readonly guarantee: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE';
  /** Predictor threads that share the partitions. */
  readonly parallelism: number;
  readonly batch: Batch;
  readonly onBadRecord: 'DEAD_LETTER' | 'SKIP' | 'FAIL';
  readonly deadLetterTopic: string;
  readonly heapMinMib: number;
  readonly heapMaxMib: number;
  /** Restarts in a row before the execution is FAILED. */
  readonly maxRestarts: number;
}

/** How the value of a record is encoded. */
export const formats = ['JSON', 'AVRO', 'FLOAT32'] as const;
export type Format = (typeof formats)[number];

export interface Source {
  readonly topic: string;
  readonly format: Format;
  /** Empty: the brokers that the service was started with. */
  readonly bootstrapServers: readonly string[];
  readonly startFrom: 'EARLIEST' | 'LATEST';
  /** Empty: `predictd.` and the task's uid. */
  readonly consumerGroup: string;
  readonly sasl?: Sasl;
  readonly tls?: Tls;
  /** Allow-listed Kafka client settings by their Java names. */
  readonly options: Readonly<Record<string, string>>;
  readonly schemaRegistryUrl: string;
  readonly schemaRegistryAuth?: BasicCredentials;
  /** Ids of the schemas that records may have; empty or absent: all. */
  readonly schemaIds?: readonly number[];
}

export interface Sasl {
  readonly mechanism: 'PLAIN' | 'SCRAM_SHA_256' | 'SCRAM_SHA_512';
  readonly username: string;
  readonly password: string;
}

/** PEM texts; empty where not given. */
export interface Tls {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Sink {
  readonly topic: string;
  readonly format: Format;
  /** Name in the prediction to name of the model's output, or `name[i]` for a cell of it; empty: all by their own names. */
  readonly fields: Readonly<Record<string, string>>;
}

export type Predictor = OnnxPredictor | SymetryPredictor | OipPredictor;

export interface OnnxPredictor {
  readonly type: 'onnx';
  /** Name of a model of the task's owner. */
  readonly model: string;
  /** Record fields in column order; empty: the record has an array `features`. */
  readonly features: readonly string[];
  /** Model input to record field, for models with several inputs. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly missingAsNan: boolean;
}

/** Scores by a SymetryML server, one signed call for each micro-batch. */
export interface SymetryPredictor {
  readonly type: 'symetry';
  /** Root of the server, without `/symetry/rest`. */
  readonly url: string;
  readonly user: string;
  /** The user's 128-bit key in Base64. */
  readonly secretKey: string;
  readonly project: string;
  readonly model: string;
  /** Record fields that are sent, in their order; empty: all that are single values. */
  readonly features: readonly string[];
}

/** Scores by a server of the Open Inference Protocol v2, one call for each micro-batch. */
export interface OipPredictor {
  readonly type: 'oip';
  /** Root of the server, without `/v2`. */
  readonly url: string;
  readonly model: string;
  /** Empty: the one that the server chooses. */
  readonly modelVersion: string;
  /** As those of an ONNX predictor. */
  readonly features: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  /** Empty: none. */
  readonly bearerToken: string;
  readonly basic?: BasicCredentials;
  /** PEM text; empty: the system's authorities. */
  readonly ca: string;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
}

/** User and password for a server over HTTP. */
export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** The name of the uploaded model that a spec scores with; undefined if it scores elsewhere. */
export function uploadedModel({ predictor }: Pick<TaskSpec, 'predictor'>): string | undefined {
  return predictor.type === 'onnx' ? predictor.model : undefined;
}

/** The models that the next execution of a task begins with; undefined if it is scored elsewhere. */
export function scoringOf({ spec, scoring }: Pick<Task, 'spec' | 'scoring'>): Scoring | undefined {
  const name = uploadedModel(spec);
  if (name === undefined) return undefined;
  if (scoring?.active.name === name) return scoring;
  // The definition was changed since: what it said before is what it would go back to.
  const known = scoring ? { previous: scoring.active } : {};
  const shadow = scoring?.shadow;
  return {
    active: { name, sha256: '' },
    ...known,
    ...(shadow && shadow.name !== name ? { shadow } : {}),
  };
}

export interface Batch {
  readonly maxRecords: number;
  readonly maxWaitMs: number;
}

/** `users/{user}/tasks/{task}`. */
export function taskResourceName(task: Pick<Task, 'user' | 'name'>): string {
  return `users/${task.user}/tasks/${task.name}`;
}

/** The consumer group whose offsets say how far the task is. */
export function consumerGroup(task: Pick<Task, 'uid' | 'spec'>): string {
  return task.spec.source.consumerGroup || `predictd.${task.uid}`;
}

/** The brokers that a source names, or those of the service if it names none. */
export function brokersOf(
  { bootstrapServers }: Pick<Source, 'bootstrapServers'>,
  ofService: readonly string[],
): readonly string[] {
  return bootstrapServers.length > 0 ? bootstrapServers : ofService;
}

/** The etag that clients see. */
export function taskEtag(task: Pick<Task, 'uid' | 'version'>): string {
  return `${task.uid.slice(0, 8)}-${task.version}`;
}
