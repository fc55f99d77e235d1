import { limits } from './limits.js';
import type { TaskSpec } from './task.js';

/**
 * A task as a caller writes it: nothing is checked or filled in yet, and what is absent was not said. Choices are texts,
 * so that an unknown one can be named in the fault.
 */
export interface TaskDraft {
  readonly displayName?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly spec?: SpecDraft | undefined;
}

export interface SpecDraft {
  readonly source?: SourceDraft | undefined;
  readonly sink?: SinkDraft | undefined;
  readonly predictor?: PredictorDraft | undefined;
  readonly until?: string | undefined;
  readonly guarantee?: string | undefined;
  readonly parallelism?: number | undefined;
  readonly batch?: BatchDraft | undefined;
  readonly onBadRecord?: string | undefined;
  readonly deadLetterTopic?: string | undefined;
  /** Such as `1024m` or `2g`. */
  readonly heapMin?: string | undefined;
  readonly heapMax?: string | undefined;
  readonly restart?: { readonly maxRestarts?: number | undefined } | undefined;
}

export interface SourceDraft {
  readonly topic?: string | undefined;
  readonly format?: string | undefined;
  readonly bootstrapServers?: readonly string[] | undefined;
  readonly startFrom?: string | undefined;
  readonly consumerGroup?: string | undefined;
  readonly sasl?: SaslDraft | undefined;
  readonly tls?: TlsDraft | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
  readonly schemaRegistryUrl?: string | undefined;
  readonly schemaRegistryAuth?: BasicDraft | undefined;
  readonly schemaIds?: readonly number[] | undefined;
}

export interface SaslDraft {
  readonly mechanism?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface TlsDraft {
  readonly ca?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
}

export interface SinkDraft {
  readonly topic?: string | undefined;
  readonly format?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

export interface PredictorDraft {
  readonly onnx?: OnnxDraft | undefined;
  readonly symetry?: SymetryDraft | undefined;
  readonly oip?: OipDraft | undefined;
}

export interface OipDraft {
  readonly url?: string | undefined;
  readonly model?: string | undefined;
  readonly modelVersion?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  readonly bearerToken?: string | undefined;
  readonly basic?: BasicDraft | undefined;
  readonly ca?: string | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface BasicDraft {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface SymetryDraft {
  readonly url?: string | undefined;
  readonly user?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly project?: string | undefined;
  readonly model?: string | undefined;
  readonly features?: readonly string[] | undefined;
}

export interface OnnxDraft {
  readonly model?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  readonly missingAsNan?: boolean | undefined;
}

export interface BatchDraft {
  readonly maxRecords?: number | undefined;
  readonly maxWaitMs?: number | undefined;
}

/** The topic for bad records of a task that does not name one. */
export function defaultDeadLetterTopic(sinkTopic: string): string {
  return `${sinkTopic}.dead-letter`;
}

/** Bytes of a heap as text, in the form that callers write. */
export function heapText(mib: number): string {
  return `${mib}m`;
}

/** The draft that validates to this spec. What only follows from other fields is left out, so that it follows again. */
export function draftOfSpec(spec: TaskSpec): SpecDraft {
  const { source, sink, predictor } = spec;
  const { type, ...scoring } = predictor;
  const followsSink = spec.deadLetterTopic === defaultDeadLetterTopic(sink.topic);
  return {
    source,
    sink,
    predictor: { [type]: scoring },
    until: spec.until,
    guarantee: spec.guarantee,
    parallelism: spec.parallelism,
    batch: spec.batch,
    onBadRecord: spec.onBadRecord,
    deadLetterTopic: followsSink ? undefined : spec.deadLetterTopic,
    heapMin: heapText(spec.heapMinMib),
    heapMax: heapText(spec.heapMaxMib),
    restart: { maxRestarts: spec.maxRestarts },
  };
}

/** What a text such as `1024m` or `2g` says in MiB, or undefined. */
export function parseHeap(text: string): number | undefined {
  const groups = /^(?<number>[1-9]\d{0,6})(?<unit>[mMgG])$/.exec(text)?.groups;
  if (!groups) return undefined;
  const mib = Number(groups.number) * (groups.unit?.toLowerCase() === 'g' ? 1_024 : 1);
  return mib >= limits.heapMibLeast && mib <= limits.heapMibMax ? mib : undefined;
}
