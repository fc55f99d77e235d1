import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  BasicCredentials,
  OipPredictor,
  Predictor,
  PredictorSchema,
  Sasl,
  Sink,
  Source,
  TaskSpec,
  TaskSpecSchema,
  Tls,
} from '../../../gen/ts/predictd/v1/task_pb.js';
import type {
  BasicDraft,
  OipDraft,
  PredictorDraft,
  SaslDraft,
  SinkDraft,
  SourceDraft,
  SpecDraft,
  TlsDraft,
} from '../../domain/draft.js';
import { heapText } from '../../domain/draft.js';
import type * as domain from '../../domain/task.js';
import {
  badRecordCodec,
  formatCodec,
  guaranteeCodec,
  mechanismCodec,
  startFromCodec,
  untilCodec,
} from './enums.js';
import { duration, durationMs, said, saidMany, saidNumber } from './values.js';

/** What a caller said of a spec. */
export function specFromMessage(spec: TaskSpec): SpecDraft {
  const { source, sink, predictor, batch, restart } = spec;
  return {
    source: source && sourceFromMessage(source),
    sink: sink && sinkFromMessage(sink),
    predictor: predictor && predictorFromMessage(predictor),
    until: untilCodec.fromProto(spec.until),
    guarantee: guaranteeCodec.fromProto(spec.guarantee),
    parallelism: saidNumber(spec.parallelism),
    batch: batch && {
      maxRecords: saidNumber(batch.maxRecords),
      maxWaitMs: batch.maxWait && durationMs(batch.maxWait),
    },
    onBadRecord: badRecordCodec.fromProto(spec.onBadRecord),
    deadLetterTopic: said(spec.deadLetterTopic),
    heapMin: said(spec.heapMin),
    heapMax: said(spec.heapMax),
    restart: restart && { maxRestarts: restart.maxRestarts },
  };
}

/** A spec as it is shown; its secrets must be masked already. */
export function specToMessage(spec: domain.TaskSpec): MessageInitShape<typeof TaskSpecSchema> {
  const { source, sink, predictor, batch } = spec;
  return {
    source: sourceToMessage(source),
    sink: { topic: sink.topic, format: formatCodec.toProto(sink.format), fields: sink.fields },
    predictor: { kind: predictorToKind(predictor) },
    until: untilCodec.toProto(spec.until),
    guarantee: guaranteeCodec.toProto(spec.guarantee),
    parallelism: spec.parallelism,
    batch: { maxRecords: batch.maxRecords, maxWait: duration(batch.maxWaitMs) },
    onBadRecord: badRecordCodec.toProto(spec.onBadRecord),
    deadLetterTopic: spec.deadLetterTopic,
    heapMin: heapText(spec.heapMinMib),
    heapMax: heapText(spec.heapMaxMib),
    restart: { maxRestarts: spec.maxRestarts },
  };
}

function sourceFromMessage(source: Source): SourceDraft {
  return {
    topic: said(source.topic),
    format: formatCodec.fromProto(source.format),
    bootstrapServers: saidMany(source.bootstrapServers),
    startFrom: startFromCodec.fromProto(source.startFrom),
    consumerGroup: said(source.consumerGroup),
    sasl: source.sasl && saslFromMessage(source.sasl),
    tls: source.tls && tlsFromMessage(source.tls),
    options: saidMany(source.options),
    schemaRegistryUrl: said(source.schemaRegistryUrl),
    schemaRegistryAuth: source.schemaRegistryAuth && basicFromMessage(source.schemaRegistryAuth),
    schemaIds: saidMany(source.schemaIds),
  };
}

function saslFromMessage({ mechanism, username, password }: Sasl): SaslDraft {
  return {
    mechanism: mechanismCodec.fromProto(mechanism),
    username: said(username),
    password: said(password),
  };
}

function tlsFromMessage({ ca, certificate, key }: Tls): TlsDraft {
  return { ca: said(ca), certificate: said(certificate), key: said(key) };
}

function sinkFromMessage({ topic, format, fields }: Sink): SinkDraft {
  return { topic: said(topic), format: formatCodec.fromProto(format), fields: saidMany(fields) };
}

function predictorToKind(
  predictor: domain.Predictor,
): NonNullable<MessageInitShape<typeof PredictorSchema>['kind']> {
  const features = [...predictor.features];
  if (predictor.type === 'symetry') {
    const { type, ...symetry } = predictor;
    return { case: type, value: { ...symetry, features } };
  }
  if (predictor.type === 'oip') {
    const { type, timeoutMs, ...oip } = predictor;
    return { case: type, value: { ...oip, features, timeout: duration(timeoutMs) } };
  }
  const { type, ...onnx } = predictor;
  return { case: type, value: { ...onnx, features } };
}

function predictorFromMessage({ kind }: Predictor): PredictorDraft {
  if (kind.case === 'symetry') {
    const { url, user, secretKey, project, model, features } = kind.value;
    return {
      symetry: {
        url: said(url),
        user: said(user),
        secretKey: said(secretKey),
        project: said(project),
        model: said(model),
        features: saidMany(features),
      },
    };
  }
  if (kind.case === 'oip') return { oip: oipFromMessage(kind.value) };
  if (kind.case !== 'onnx') return {};
  const { model, features, inputs, missingAsNan } = kind.value;
  return {
    onnx: {
      model: said(model),
      features: saidMany(features),
      inputs: saidMany(inputs),
      missingAsNan: missingAsNan || undefined,
    },
  };
}

function oipFromMessage(oip: OipPredictor): OipDraft {
  const { basic, timeout } = oip;
  return {
    url: said(oip.url),
    model: said(oip.model),
    modelVersion: said(oip.modelVersion),
    features: saidMany(oip.features),
    inputs: saidMany(oip.inputs),
    bearerToken: said(oip.bearerToken),
    basic: basic && basicFromMessage(basic),
    ca: said(oip.ca),
    timeoutMs: timeout && durationMs(timeout),
  };
}

function basicFromMessage({ username, password }: BasicCredentials): BasicDraft {
  return { username: said(username), password: said(password) };
}

function sourceToMessage(
  source: domain.Source,
): NonNullable<MessageInitShape<typeof TaskSpecSchema>['source']> {
  const { sasl, tls } = source;
  return {
    topic: source.topic,
    format: formatCodec.toProto(source.format),
    bootstrapServers: [...source.bootstrapServers],
    startFrom: startFromCodec.toProto(source.startFrom),
    consumerGroup: source.consumerGroup,
    options: source.options,
    schemaRegistryUrl: source.schemaRegistryUrl,
    schemaIds: [...(source.schemaIds ?? [])],
    ...(source.schemaRegistryAuth ? { schemaRegistryAuth: source.schemaRegistryAuth } : {}),
    ...(sasl ? { sasl: { ...sasl, mechanism: mechanismCodec.toProto(sasl.mechanism) } } : {}),
    ...(tls ? { tls } : {}),
  };
}
