import { createEgressPolicy } from '../../../src/domain/egress.js';
import type { OipPredictor } from '../../../src/domain/task.js';
import { createSocketFactory } from '../../../src/kafka/egress.js';
import type { SourceRecord } from '../../../src/kafka/source-record.js';
import type { OipSpec } from '../../../src/predict/oip/oip-model.js';
import { OipScorer } from '../../../src/predict/oip/oip-scorer.js';
import { CallGuard } from '../../../src/predict/remote/call-guard.js';
import type { OipPeer } from './oip-peer.js';

/** A scorer, and what its circuit breaker said. */
export interface OpenScorer {
  readonly scorer: OipScorer;
  /** Messages of trouble; `undefined` when it was over. */
  readonly troubles: readonly (string | undefined)[];
}

/** Opens a scorer of a peer's model `sums`. */
export async function openScorer(
  peer: Pick<OipPeer, 'url' | 'address'>,
  {
    predictor = {},
    spec = {},
    allowed = peer.address,
    signal,
  }: {
    readonly predictor?: Partial<OipPredictor>;
    readonly spec?: Partial<OipSpec>;
    readonly allowed?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<OpenScorer> {
  const troubles: (string | undefined)[] = [];
  const calls = new CallGuard({ onTrouble: (trouble) => troubles.push(trouble?.message) });
  const socketFactory = createSocketFactory(createEgressPolicy([], [allowed]));
  const whole: OipSpec = {
    source: { format: 'JSON', schemaRegistryUrl: '' },
    sink: { topic: 'out', format: 'JSON', fields: {} },
    ...spec,
    predictor: {
      type: 'oip',
      url: peer.url,
      model: 'sums',
      modelVersion: '',
      features: [],
      inputs: {},
      bearerToken: '',
      ca: '',
      timeoutMs: 10_000,
      ...predictor,
    },
  };
  return { scorer: await OipScorer.open(whole, { socketFactory, calls }, signal), troubles };
}

/** A record without key whose value this is, as JSON unless it is bytes. */
export function recordOf(value: unknown): SourceRecord {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value));
  const facts = { keyStart: 0, keyLength: -1, headersStart: 0, headersEnd: 0, timestampMs: 0 };
  return { bytes, valueStart: 0, valueLength: bytes.length, ...facts };
}

/** Scores values, and answers what came of each: the prediction's text or the reason why there is none. */
export async function score(
  scorer: OipScorer,
  values: readonly unknown[],
  signal?: AbortSignal,
): Promise<string[]> {
  const records = values.map(recordOf);
  const outcomes: string[] = [];
  const sink = {
    predicted: (record: SourceRecord, row: { bytes: Buffer; length: number }) => {
      outcomes[records.indexOf(record)] = row.bytes.toString('utf8', 0, row.length);
    },
    bad: (record: SourceRecord, { reason }: { reason: string }) => {
      outcomes[records.indexOf(record)] = reason;
    },
  };
  await scorer.score(records, sink, signal);
  return outcomes;
}

/** Records with two features each, from 1 on. */
export function rowsOf(count: number): { features: [number, number] }[] {
  return Array.from({ length: count }, (_, index) => ({ features: [index + 1, 0] }));
}
