import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOfSpec, type SpecDraft } from '../../src/domain/draft.js';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { mask, maskSpec } from '../../src/domain/mask-secrets.js';
import { resolveOutput } from '../../src/domain/output-cell.js';
import { uploadedModel } from '../../src/domain/task.js';
import { validateSpec } from '../../src/domain/validate-spec.js';
import type { SpecContext } from '../../src/domain/validate-value.js';

const context: SpecContext = {
  path: 'spec',
  user: 'c1',
  brokers: ['127.0.0.1:9092'],
  egress: createEgressPolicy([], ['server:8080', 'registry:8081']),
};

const remote: SpecDraft = {
  source: { topic: 'in' },
  sink: { topic: 'out' },
  predictor: {
    symetry: {
      url: 'http://server:8080',
      user: 'c1',
      secretKey: 'AAECAwQFBgcICQoLDA0ODw==',
      project: 'p1',
      model: 'm1',
    },
  },
};

function faultsOf(change: SpecDraft, more: Partial<SpecContext> = {}): readonly string[] {
  const { faults } = validateSpec({ ...remote, ...change }, { ...context, ...more });
  return faults.map(({ field, reason }) => `${field} ${reason}`);
}

function withPredictor(change: object): SpecDraft {
  return { predictor: { symetry: { ...remote.predictor?.symetry, ...change } } };
}

test('a remote predictor needs an address that is allowed, a user, a key, a project and a model', () => {
  assert.deepEqual(faultsOf({}), []);
  assert.deepEqual(faultsOf({ predictor: { symetry: {} } }), [
    'spec.predictor.symetry.secret_key INVALID_KEY',
    'spec.predictor.symetry.url REQUIRED',
    'spec.predictor.symetry.user REQUIRED',
    'spec.predictor.symetry.project REQUIRED',
    'spec.predictor.symetry.model REQUIRED',
  ]);
  const url = 'spec.predictor.symetry.url';
  assert.deepEqual(faultsOf(withPredictor({ url: 'http://10.0.0.1' })), [`${url} EGRESS_DENIED`]);
  assert.deepEqual(faultsOf(withPredictor({ url: 'ftp://server:8080' })), [`${url} INVALID_URL`]);
  const both = { predictor: { ...remote.predictor, onnx: { model: 'iris' } } };
  assert.deepEqual(faultsOf(both), ['spec.predictor CONFLICT']);
});

test('the key of a remote predictor is shown masked, and the mask keeps it', () => {
  const { spec } = validateSpec(remote, context);
  const shown = maskSpec(spec);
  assert.equal(shown.predictor.type === 'symetry' && shown.predictor.secretKey, mask);
  const again = validateSpec(draftOfSpec(shown), { ...context, previous: spec });
  assert.deepEqual(again.faults, []);
  assert.deepEqual(again.spec, spec);
  assert.deepEqual(faultsOf(withPredictor({ secretKey: mask })), [
    'spec.predictor.symetry.secret_key MASKED_SECRET',
  ]);
  assert.equal(uploadedModel(spec), undefined);
});

test('Avro on either side needs a schema registry that is allowed', () => {
  const missing = ['spec.source.schema_registry_url REQUIRED'];
  assert.deepEqual(faultsOf({ source: { topic: 'in', format: 'AVRO' } }), missing);
  assert.deepEqual(faultsOf({ sink: { topic: 'out', format: 'AVRO' } }), missing);
  const source = { topic: 'in', format: 'AVRO', schemaRegistryUrl: 'http://registry:8081' };
  assert.deepEqual(faultsOf({ source }), []);
  const elsewhere = { ...source, schemaRegistryUrl: 'http://elsewhere:8081' };
  assert.deepEqual(faultsOf({ source: elsewhere }), [
    'spec.source.schema_registry_url EGRESS_DENIED',
  ]);
});

test('a cell of an output is found only where there is one', () => {
  const outputs = [
    { name: 'label', type: 'int64', shape: [-1] },
    { name: 'probabilities', type: 'float32', shape: [-1, 3] },
    { name: 'odd[0]', type: 'float32', shape: [-1] },
  ];
  assert.deepEqual(resolveOutput(outputs, 'probabilities[2]'), {
    output: 'probabilities',
    cell: 2,
  });
  assert.deepEqual(resolveOutput(outputs, 'label[0]'), { output: 'label', cell: 0 });
  assert.deepEqual(resolveOutput(outputs, 'odd[0]'), { output: 'odd[0]' });
  for (const none of ['probabilities[3]', 'label[1]', 'other[0]', 'probabilities[-1]', '']) {
    assert.equal(resolveOutput(outputs, none), undefined, none);
  }
});

const oip = { url: 'http://server:8080', model: 'm1' };

test('a predictor of the Open Inference Protocol needs an address that is allowed and a model', () => {
  const at = 'spec.predictor.oip';
  const withOip = (change: object) => faultsOf({ predictor: { oip: { ...oip, ...change } } });
  assert.deepEqual(withOip({}), []);
  const cases = [
    [{ url: '', model: '' }, 'url REQUIRED', 'model REQUIRED'],
    [{ url: 'http://10.0.0.1' }, 'url EGRESS_DENIED'],
    [{ url: 'http://a:b@server:8080' }, 'url INVALID_URL'],
    [{ model: '..' }, 'model INVALID_NAME'],
    [{ modelVersion: '.' }, 'model_version INVALID_NAME'],
    [{ bearerToken: 'a\r\nhost: b' }, 'bearer_token INVALID_CHARACTER'],
    [{ bearerToken: mask }, 'bearer_token MASKED_SECRET'],
    [{ basic: {} }, 'basic.username REQUIRED', 'basic.password REQUIRED'],
    [{ basic: { username: 'a:b', password: 'p' } }, 'basic.username INVALID_CHARACTER'],
    [{ bearerToken: 't', basic: { username: 'a', password: 'p' } }, 'basic CONFLICT'],
    [{ ca: 'no pem' }, 'ca INVALID_PEM'],
    [{ timeoutMs: 99 }, 'timeout OUT_OF_RANGE'],
    [{ timeoutMs: 60_001 }, 'timeout OUT_OF_RANGE'],
    [{ features: ['a'], inputs: { x: 'a' } }, 'inputs CONFLICT'],
  ] as const;
  for (const [change, ...faults] of cases) {
    assert.deepEqual(
      withOip(change),
      faults.map((fault) => `${at}.${fault}`),
    );
  }
});

test('credentials of a remote predictor are shown masked, and the mask keeps them', () => {
  const secrets = [{ bearerToken: 't0ken' }, { basic: { username: 'u', password: 's3cret' } }];
  for (const secret of secrets) {
    const draft = { ...remote, predictor: { oip: { ...oip, ...secret } } };
    const { spec, faults } = validateSpec(draft, context);
    assert.deepEqual(faults, []);
    const shown = maskSpec(spec);
    assert.doesNotMatch(JSON.stringify(shown), /t0ken|s3cret/);
    const again = validateSpec(draftOfSpec(shown), { ...context, previous: spec });
    assert.deepEqual(again.faults, []);
    assert.deepEqual(again.spec, spec);
  }
});

test('the password of a schema registry is shown masked, and the mask keeps it', () => {
  const auth = { username: 'reader', password: 's3cret' };
  const url = 'http://registry:8081';
  const source = { topic: 'in', format: 'AVRO', schemaRegistryUrl: url, schemaRegistryAuth: auth };
  const { spec, faults } = validateSpec({ ...remote, source }, context);
  assert.deepEqual(faults, []);
  const shown = maskSpec(spec);
  assert.equal(shown.source.schemaRegistryAuth?.password, mask);
  const again = validateSpec(draftOfSpec(shown), { ...context, previous: spec });
  assert.deepEqual(again.spec, spec);
  const at = 'spec.source';
  assert.deepEqual(faultsOf({ source: { ...source, schemaRegistryAuth: { username: 'r' } } }), [
    `${at}.schema_registry_auth.password REQUIRED`,
  ]);
  assert.deepEqual(faultsOf({ source: { ...source, schemaIds: [1, 0] } }), [
    `${at}.schema_ids[1] OUT_OF_RANGE`,
  ]);
});
