import { Faults } from '../../domain/faults.js';
import { isKafkaOption } from '../../domain/kafka-options.js';
import { shown } from '../../domain/names.js';

/** Keys of the stream application and of the task that have a meaning here. */
export const keys = {
  sourceTopic: 'sml.kstream.source.topic',
  sinkTopic: 'sml.kstream.sink.topic',
  appId: 'sml.kstream.app.id',
  clientId: 'sml.kstream.client.id',
  modelFile: 'sml.kstream.model.b64file',
  rest: 'sml.kstream.rest',
  restProject: 'sml.kstream.project.id',
  restModel: 'sml.kstream.model.id',
  restUser: 'sml.kstream.rest.user',
  restSecret: 'sml.kstream.rest.secret',
  restHost: 'sml.kstream.rest.host',
  recordsMax: 'sml.kstream.record.poll.max',
  scheduleMs: 'sml.kstream.schedule.ms',
  heapMin: 'sml.task.heap.min',
  heapMax: 'sml.task.heap.max',
  servers: 'bootstrap.servers',
  registryUrl: 'schema.registry.url',
  /** Of ours: the record fields that are the columns of the model's tensor, separated by commas. */
  features: 'predictd.features',
  offsetReset: 'auto.offset.reset',
  threads: 'num.stream.threads',
  guarantee: 'processing.guarantee',
} as const;

/** Settings of Kafka Streams that say what is so anyway: offsets are committed with each micro-batch. */
const withoutEffect: ReadonlySet<string> = new Set([
  'enable.auto.commit',
  'auto.commit.interval.ms',
  'commit.interval.ms',
  'default.key.serde',
  'default.value.serde',
]);

const known: ReadonlySet<string> = new Set(Object.values(keys));
const kafkaPrefix = 'sml.kafka.';

/** Far more than the keys of a stream application and of its Kafka clients together. */
const paramsMax = 256;
/** A list of features may be long. */
const valueCharsMax = 65_536;
/** Printable and without spaces, as the keys of properties are; `_` in front would reach into an object's insides. */
const keyPattern = /^(?!_)[\x21-\x7e]{1,256}$/;

/** The settings of a task, sorted by what they are for. */
export interface Params {
  /** By the keys above. */
  readonly settings: ReadonlyMap<string, string>;
  /** Allow-listed settings of Kafka clients, without prefix. */
  readonly kafkaOptions: Readonly<Record<string, string>>;
  /** As given. What reads like a secret is masked, since nobody needs it any more. */
  readonly unknown: Readonly<Record<string, string>>;
}

/** Sorts the settings of a task; a Kafka setting may have the prefix `sml.kafka.`. Empty ones count as not given. */
export function sortParams(params: Readonly<Record<string, string>>): Params {
  const given = Object.entries(params);
  check(given);
  const settings = new Map<string, string>();
  const kafkaOptions = new Map<string, string>();
  const unknown = new Map<string, string>();
  for (const [key, value] of given) {
    const name = key.startsWith(kafkaPrefix) ? key.slice(kafkaPrefix.length) : key;
    if (value === '' || withoutEffect.has(name)) continue;
    if (known.has(name)) setOnce(settings, name, value);
    else if (isKafkaOption(name)) setOnce(kafkaOptions, name, value);
    else unknown.set(key, secretPattern.test(key) ? '***' : value);
  }
  return {
    settings,
    kafkaOptions: Object.fromEntries(kafkaOptions),
    unknown: Object.fromEntries(unknown),
  };
}

const secretPattern = /secret|passw|token|jaas|credential|key$/i;

function check(given: readonly (readonly [string, string])[]): void {
  const faults = new Faults();
  if (given.length > paramsMax) {
    faults.add('params', 'TOO_MANY', `There are ${given.length}. Use at most ${paramsMax}.`);
  }
  for (const [key, value] of given) {
    if (!keyPattern.test(key)) {
      faults.add('params', 'INVALID_KEY', `"${shown(key)}" is no key of a setting.`);
    } else if (value.length > valueCharsMax) {
      faults.add(key, 'TOO_LONG', `Use at most ${valueCharsMax} characters.`);
    }
  }
  faults.throwIfAny();
}

/** With and without prefix a setting is one and the same. */
function setOnce(map: Map<string, string>, name: string, value: string): void {
  const other = map.get(name);
  if (other !== undefined && other !== value) {
    const faults = new Faults();
    faults.add(name, 'CONFLICT', `It is given with ${kafkaPrefix} and without, and differently.`);
    faults.throwIfAny();
  }
  map.set(name, value);
}
