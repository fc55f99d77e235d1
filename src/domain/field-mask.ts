import type { TaskDraft } from './draft.js';
import type { FieldViolation } from './errors.js';
import { shown } from './names.js';

/**
 * The task's draft with the fields that `paths` name taken from `change`: absent there means absent after. No paths:
 * every field that `change` says. `*`: all of them. A member of a oneof takes the place of another one. Faults are added for paths that name nothing that can be changed.
 */
export function applyMask(
  current: TaskDraft,
  change: TaskDraft,
  paths: readonly string[],
): { readonly draft: TaskDraft; readonly faults: readonly FieldViolation[] } {
  if (paths.length === 1 && paths[0] === '*') return { draft: change, faults: [] };
  const faults = paths.map(pathFault).filter((fault) => fault !== undefined);
  if (faults.length > 0) return { draft: current, faults };
  const draft =
    paths.length === 0
      ? merge(current, change)
      : paths.reduce<Plain>((to, path) => copy(to, change, keysOf(path)), { ...current });
  return { draft: withOnePredictor(draft, change), faults: [] };
}

const predictors = ['onnx', 'symetry', 'oip'] as const;

/** What scores the records is a oneof: where a change took over another kind, the kind before it goes. */
function withOnePredictor(draft: TaskDraft, change: TaskDraft): TaskDraft {
  const said = change.spec?.predictor ?? {};
  const { spec } = draft;
  const [kind, ...more] = predictors.filter((each) => said[each] !== undefined);
  const wanted = kind && spec?.predictor?.[kind];
  if (!wanted || more.length > 0) return draft;
  return { ...draft, spec: { ...spec, predictor: { [kind]: wanted } } };
}

type Plain = { readonly [key: string]: unknown };
type Tree = { readonly [segment: string]: Tree | string };

/** Paths as they stand in the contract; a leaf names its field in the draft. */
const changeable: Tree = {
  display_name: 'displayName',
  labels: 'labels',
  spec: {
    source: {
      topic: 'topic',
      format: 'format',
      bootstrap_servers: 'bootstrapServers',
      start_from: 'startFrom',
      consumer_group: 'consumerGroup',
      sasl: { mechanism: 'mechanism', username: 'username', password: 'password' },
      tls: { ca: 'ca', certificate: 'certificate', key: 'key' },
      options: 'options',
      schema_registry_url: 'schemaRegistryUrl',
      schema_registry_auth: 'schemaRegistryAuth',
      schema_ids: 'schemaIds',
    },
    sink: { topic: 'topic', format: 'format', fields: 'fields' },
    predictor: {
      onnx: {
        model: 'model',
        features: 'features',
        inputs: 'inputs',
        missing_as_nan: 'missingAsNan',
      },
      symetry: {
        url: 'url',
        user: 'user',
        secret_key: 'secretKey',
        project: 'project',
        model: 'model',
        features: 'features',
      },
      oip: {
        url: 'url',
        model: 'model',
        model_version: 'modelVersion',
        features: 'features',
        inputs: 'inputs',
        bearer_token: 'bearerToken',
        basic: { username: 'username', password: 'password' },
        ca: 'ca',
        timeout: 'timeoutMs',
      },
    },
    until: 'until',
    guarantee: 'guarantee',
    parallelism: 'parallelism',
    batch: { max_records: 'maxRecords', max_wait: 'maxWaitMs' },
    on_bad_record: 'onBadRecord',
    dead_letter_topic: 'deadLetterTopic',
    heap_min: 'heapMin',
    heap_max: 'heapMax',
    restart: { max_restarts: 'maxRestarts' },
  },
};

const immutable: ReadonlySet<string> = new Set([
  'name',
  'uid',
  'id',
  'etag',
  'generation',
  'desired_state',
  'status',
  'create_time',
  'update_time',
]);

const field = 'update_mask';

function pathFault(path: string): FieldViolation | undefined {
  const [head = ''] = path.split('.');
  if (immutable.has(head)) {
    const description = `"${shown(path)}" cannot be changed by an update. Leave it out.`;
    return { field, reason: 'IMMUTABLE_FIELD', description };
  }
  if (keysOf(path).length > 0) return undefined;
  const description =
    path === '*'
      ? 'Give "*" alone.'
      : `There is no field "${shown(path)}". Name fields as spec.batch.max_records or labels; maps and lists change as a whole.`;
  return { field, reason: 'UNKNOWN_FIELD', description };
}

/** The fields of the draft on the way to a path, none if there is no such path. */
function keysOf(path: string): string[] {
  const keys: string[] = [];
  let node: Tree | string = changeable;
  for (const segment of path.split('.')) {
    if (typeof node === 'string' || !Object.hasOwn(node, segment)) return [];
    const next: Tree | string | undefined = node[segment];
    if (next === undefined) return [];
    keys.push(typeof next === 'string' ? next : segment);
    node = next;
  }
  return keys;
}

function copy(to: Plain, from: unknown, [key, ...rest]: readonly string[]): Plain {
  if (key === undefined) return to;
  const source = isPlain(from) ? from[key] : undefined;
  if (rest.length === 0) return { ...to, [key]: source };
  const target = to[key];
  const child = copy(isPlain(target) ? target : {}, source, rest);
  // A message that is absent on both sides stays absent.
  if (target === undefined && source === undefined) return to;
  return { ...to, [key]: child };
}

/** Takes over what `change` says. Only messages are merged; maps and lists are values. */
function merge(current: TaskDraft, change: TaskDraft): TaskDraft {
  return mergeTree(current, change, changeable);
}

function mergeTree(current: unknown, change: unknown, tree: Tree): Plain {
  const merged: Record<string, unknown> = isPlain(current) ? { ...current } : {};
  if (!isPlain(change)) return merged;
  for (const [segment, node] of Object.entries(tree)) {
    const key = typeof node === 'string' ? node : segment;
    const value = change[key];
    if (value === undefined) continue;
    merged[key] = typeof node === 'string' ? value : mergeTree(merged[key], value, node);
  }
  return merged;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
