import { defaultDeadLetterTopic, parseHeap, type SpecDraft } from './draft.js';
import type { FieldViolation } from './errors.js';
import { Faults } from './faults.js';
import { limits } from './limits.js';
import { shown } from './names.js';
import type { TaskSpec } from './task.js';
import { readPredictor, readSink } from './validate-predictor.js';
import { readSource } from './validate-source.js';
import { choice, type SpecContext, topic, wholeNumber } from './validate-value.js';

/**
 * Checks everything that can be known without looking anywhere, and fills the defaults in. The spec is good only if
 * there are no faults; with faults it is what could be read, so that the rest can still be checked.
 */
export function validateSpec(
  draft: SpecDraft | undefined,
  context: SpecContext,
): { readonly spec: TaskSpec; readonly faults: readonly FieldViolation[] } {
  const faults = new Faults();
  const { path } = context;
  if (!draft) faults.add(path, 'REQUIRED', 'Say what the task does.');
  const given = draft ?? {};
  const source = readSource(given.source, { faults, path: `${path}.source`, context });
  const sink = readSink(given.sink, { faults, path: `${path}.sink` });
  const spec: TaskSpec = {
    source,
    sink,
    predictor: readPredictor(given.predictor, { faults, path: `${path}.predictor`, context }),
    until: choice(given.until, { faults, path: `${path}.until`, of: ['STOPPED', 'END'] }),
    guarantee: choice(given.guarantee, {
      faults,
      path: `${path}.guarantee`,
      of: ['EXACTLY_ONCE', 'AT_LEAST_ONCE'],
    }),
    parallelism: wholeNumber(given.parallelism ?? 1, {
      faults,
      path: `${path}.parallelism`,
      least: 1,
      most: limits.parallelismMax,
    }),
    batch: readBatch(given.batch, faults, `${path}.batch`),
    onBadRecord: choice(given.onBadRecord, {
      faults,
      path: `${path}.on_bad_record`,
      of: ['DEAD_LETTER', 'SKIP', 'FAIL'],
    }),
    deadLetterTopic: given.deadLetterTopic ?? defaultDeadLetterTopic(sink.topic),
    ...readHeap(given, faults, path),
    maxRestarts: wholeNumber(given.restart?.maxRestarts ?? limits.restartsDefault, {
      faults,
      path: `${path}.restart.max_restarts`,
      least: 0,
      most: limits.restartsMax,
    }),
  };
  checkTopics(spec, given, { faults, path });
  checkRegistry(spec, faults, path);
  checkNames(spec, faults, path);
  return { spec, faults: faults.list };
}

function readBatch(batch: SpecDraft['batch'], faults: Faults, path: string): TaskSpec['batch'] {
  return {
    maxRecords: wholeNumber(batch?.maxRecords ?? limits.batchRecordsDefault, {
      faults,
      path: `${path}.max_records`,
      least: 1,
      most: limits.batchRecordsMax,
    }),
    maxWaitMs: wait(batch?.maxWaitMs ?? limits.batchWaitMsDefault, faults, `${path}.max_wait`),
  };
}

function wait(ms: number, faults: Faults, path: string): number {
  if (ms >= 0 && ms <= limits.batchWaitMsMax) return ms;
  faults.add(path, 'OUT_OF_RANGE', `Give a time from 0s to ${limits.batchWaitMsMax / 1_000}s.`);
  return limits.batchWaitMsDefault;
}

function readHeap(
  draft: SpecDraft,
  faults: Faults,
  path: string,
): Pick<TaskSpec, 'heapMinMib' | 'heapMaxMib'> {
  const minPath = `${path}.heap_min`;
  const maxPath = `${path}.heap_max`;
  const min = draft.heapMin === undefined ? undefined : heap(draft.heapMin, faults, minPath);
  const max = draft.heapMax === undefined ? undefined : heap(draft.heapMax, faults, maxPath);
  // One that is given alone may be beyond the other's default, which then gives way.
  const heapMaxMib = max ?? Math.max(limits.heapMaxMibDefault, min ?? 0);
  const heapMinMib = min ?? Math.min(limits.heapMinMibDefault, heapMaxMib);
  if (heapMinMib > heapMaxMib) {
    const description = `It is above heap_max (${heapMaxMib}m). Make it at most that.`;
    faults.add(minPath, 'OUT_OF_RANGE', description);
  }
  return { heapMinMib, heapMaxMib };
}

function heap(text: string, faults: Faults, path: string): number | undefined {
  const mib = parseHeap(text);
  if (mib !== undefined) return mib;
  const range = `${limits.heapMibLeast}m to ${limits.heapMibMax / 1_024}g`;
  const description = `"${shown(text)}" is no heap size. Give ${range}, such as 1024m or 2g.`;
  faults.add(path, 'INVALID_SIZE', description);
  return undefined;
}

/** Avro records carry ids of schemas, which somebody has to know. */
function checkRegistry({ source, sink }: TaskSpec, faults: Faults, path: string): void {
  const isAvro = source.format === 'AVRO' || sink.format === 'AVRO';
  if (!isAvro || source.schemaRegistryUrl !== '') return;
  const description = 'Give the URL of the schema registry: the format AVRO needs one.';
  faults.add(`${path}.source.schema_registry_url`, 'REQUIRED', description);
}

/** Raw numbers have no names, by which some predictors ask for them or answer. */
function checkNames({ source, sink, predictor }: TaskSpec, faults: Faults, path: string): void {
  for (const [name, { format }] of Object.entries({ source, sink })) {
    if (format !== 'FLOAT32' || predictor.type !== 'symetry') continue;
    const description = `FLOAT32 has no names, but SymetryML works with named fields. Use JSON or AVRO.`;
    faults.add(`${path}.${name}.format`, 'NOT_APPLICABLE', description);
  }
  if (source.format !== 'FLOAT32' || predictor.type === 'symetry') return;
  for (const [name, given] of Object.entries({
    features: predictor.features,
    inputs: Object.keys(predictor.inputs),
  })) {
    if (given.length === 0) continue;
    const description = `FLOAT32 records have no named fields. Leave ${name} out, or use another source.format.`;
    faults.add(`${path}.predictor.${predictor.type}.${name}`, 'NOT_APPLICABLE', description);
  }
}

function checkTopics(
  { source, sink, deadLetterTopic, onBadRecord }: TaskSpec,
  draft: SpecDraft,
  { faults, path }: { readonly faults: Faults; readonly path: string },
): void {
  if (sink.topic !== '' && sink.topic === source.topic) {
    const description = `It equals source.topic "${shown(source.topic)}": the task would read its own predictions. Choose another topic.`;
    faults.add(`${path}.sink.topic`, 'SAME_AS_SOURCE', description);
  }
  const given = draft.deadLetterTopic !== undefined;
  const used = onBadRecord === 'DEAD_LETTER' && faults.spares(`${path}.sink.topic`);
  if (!given && !used) return;
  const at = `${path}.dead_letter_topic`;
  topic(deadLetterTopic, { faults, path: at });
  if (deadLetterTopic === source.topic || deadLetterTopic === sink.topic) {
    const which = deadLetterTopic === source.topic ? 'source' : 'sink';
    const description = `It equals ${which}.topic. Choose another topic for bad records.`;
    faults.add(at, `SAME_AS_${which.toUpperCase()}`, description);
  }
}
