import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOfSpec, type SpecDraft } from '../../src/domain/draft.js';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { maskSpec } from '../../src/domain/mask-secrets.js';
import { validateSpec } from '../../src/domain/validate-spec.js';

const context = {
  path: 'spec',
  user: 'c1',
  brokers: ['own:9092'],
  egress: createEgressPolicy(['own:9092'], ['a:1', 'b:2', 's:443', 's:80', 's:8080', '10.0.0.0/8']),
};
const plain: SpecDraft = {
  source: { topic: 'in' },
  sink: { topic: 'out' },
  predictor: { onnx: { model: 'm' } },
};

/** Fields of the secrets that cannot be kept when a spec is shown, changed like this and sent back. */
function lost(before: SpecDraft, change: (shown: SpecDraft) => SpecDraft): readonly string[] {
  const { spec, faults } = validateSpec(before, context);
  assert.deepEqual(faults, []);
  const after = change(draftOfSpec(maskSpec(spec)));
  const answer = validateSpec(after, { ...context, previous: spec });
  return answer.faults.map(({ field, reason, description }) => {
    assert.equal(reason, 'SECRET_ELSEWHERE');
    assert.match(description, /^It would be used with.* Give the secret again\.$/);
    return field;
  });
}

function pem(kind: string, text: string): string {
  return `-----BEGIN ${kind}-----\n${text}\n-----END ${kind}-----`;
}

const sasl = { username: 'u', password: 'p4ssword' };
const certificate = pem('CERTIFICATE', 'c');
const tls = { ca: pem('CERTIFICATE', 'a'), certificate, key: pem('PRIVATE KEY', 'k') };
const password = 'spec.source.sasl.password';
const key = 'spec.source.tls.key';

function lostWithSource(source: object, change: object): readonly string[] {
  return lost({ ...plain, source: { topic: 'in', ...source } }, (shown) => ({
    ...shown,
    source: { ...shown.source, ...change },
  }));
}

test('credentials for Kafka stay with the brokers that they were given for', () => {
  const source = { bootstrapServers: ['a:1', 'B:2'], sasl, tls };
  assert.deepEqual(lostWithSource(source, { topic: 'other' }), []);
  assert.deepEqual(lostWithSource(source, { bootstrapServers: ['b:2', 'A:1'] }), []);
  assert.deepEqual(lostWithSource(source, { bootstrapServers: ['b:2'] }), []);
  for (const servers of [['a:1', 'B:2', '10.0.0.1:1'], ['10.0.0.1:9092'], []]) {
    assert.deepEqual(lostWithSource(source, { bootstrapServers: servers }), [password, key]);
  }
  const given = {
    sasl: { ...sasl, password: 'n3w' },
    tls: { ...tls, key: pem('PRIVATE KEY', 'n') },
  };
  assert.deepEqual(lostWithSource(source, { ...given, bootstrapServers: ['10.0.0.1:9092'] }), []);
});

test('the brokers of the service are a place like any other', () => {
  assert.deepEqual(lostWithSource({ sasl }, { bootstrapServers: ['own:9092'] }), []);
  assert.deepEqual(lostWithSource({ sasl }, { bootstrapServers: ['a:1'] }), [password]);
  assert.deepEqual(
    lostWithSource({ sasl, bootstrapServers: ['own:9092'] }, { bootstrapServers: [] }),
    [],
  );
});

test('a password that brokers had only a proof of is not shown to them', () => {
  const scram = { ...sasl, mechanism: 'SCRAM_SHA_512' };
  const to = (from: object, mechanism: string | undefined) =>
    lostWithSource({ sasl: from }, { sasl: { ...sasl, password: '***', mechanism } });
  assert.deepEqual(to(scram, 'PLAIN'), [password]);
  assert.deepEqual(to(scram, undefined), [password]);
  assert.deepEqual(to(scram, 'SCRAM_SHA_256'), []);
  assert.deepEqual(to({ ...sasl, mechanism: 'PLAIN' }, 'SCRAM_SHA_512'), []);
  assert.deepEqual(to({ ...sasl, mechanism: 'PLAIN' }, 'PLAIN'), []);
});

test('credentials for Kafka stay with the authorities that they were given for', () => {
  const other = { ...tls, ca: pem('CERTIFICATE', 'b'), key: '***' };
  assert.deepEqual(lostWithSource({ sasl, tls }, { tls: other }), [password, key]);
  assert.deepEqual(lostWithSource({ sasl, tls }, { tls: { ...other, ca: '' } }), [password, key]);
  assert.deepEqual(lostWithSource({ sasl, tls }, { tls: undefined }), [password]);
  assert.deepEqual(lostWithSource({ sasl }, { tls: {} }), []);
});

test('the password of a schema registry stays with its origin', () => {
  const source = { schemaRegistryUrl: 'http://s:8080/a', schemaRegistryAuth: sasl };
  const to = (schemaRegistryUrl: string) => lostWithSource(source, { schemaRegistryUrl });
  assert.deepEqual(to('http://S:8080/b/'), []);
  assert.deepEqual(to(''), []);
  for (const url of ['https://s:8080/a', 'http://s:80/a', 'http://10.0.0.1:8080/a']) {
    assert.deepEqual(to(url), ['spec.source.schema_registry_auth.password'], url);
  }
  const without = { ...source, schemaRegistryUrl: '' };
  assert.deepEqual(lostWithSource(without, { schemaRegistryUrl: 'http://s:8080' }), [
    'spec.source.schema_registry_auth.password',
  ]);
});

test('the secrets of a remote predictor stay with its origin and its authorities', () => {
  const symetry = { url: 'https://s', user: 'u', project: 'p', model: 'm' };
  const secretKey = 'AAECAwQFBgcICQoLDA0ODw==';
  const oip = { url: 'https://s', model: 'm' };
  const cases = [
    { symetry: { ...symetry, secretKey } },
    { oip: { ...oip, bearerToken: 't0ken' } },
    { oip: { ...oip, basic: sasl } },
  ];
  const fields = ['symetry.secret_key', 'oip.bearer_token', 'oip.basic.password'];
  for (const [index, predictor] of cases.entries()) {
    const [kind] = Object.keys(predictor);
    const with_ = (change: object) =>
      lost({ ...plain, predictor }, ({ predictor: shown, ...rest }) => ({
        ...rest,
        predictor: { [`${kind}`]: { ...shown?.oip, ...shown?.symetry, ...change } },
      }));
    const field = `spec.predictor.${fields[index]}`;
    assert.deepEqual(with_({ url: 'https://s:443/below', model: 'other' }), []);
    assert.deepEqual(with_({ url: 'http://s' }), [field]);
    assert.deepEqual(with_({ url: 'https://10.0.0.1' }), [field]);
    if (kind === 'oip') assert.deepEqual(with_({ ca: certificate }), [field]);
  }
});
