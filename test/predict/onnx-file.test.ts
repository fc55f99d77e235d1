import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { inspectOnnx } from '../../src/predict/onnx-file.js';
import { fixturePath } from '../support/fixtures.js';
import { field, int, text } from './onnx-bytes.js';

const node = (operator: string, domain = '') =>
  field(1, Buffer.concat([text(4, operator), text(7, domain)]));
const model = (...graph: Buffer[]) => field(7, Buffer.concat(graph));

describe('looking through an ONNX file', () => {
  for (const name of ['iris.onnx', 'gbt.onnx', 'ffnn.onnx', 'strings.onnx', 'text-out.onnx']) {
    it(`finds nothing wrong with ${name}`, () => {
      assert.deepEqual(inspectOnnx(readFileSync(fixturePath(name))), { controlFlow: [] });
    });
  }

  it('finds a loop', () => {
    assert.deepEqual(inspectOnnx(readFileSync(fixturePath('loop.onnx'))), {
      controlFlow: ['Loop'],
    });
  });

  it('finds control flow in a graph within a graph', () => {
    const inner = field(5, field(6, node('Scan')));
    const outer = field(1, Buffer.concat([text(4, 'If'), inner]));
    assert.deepEqual(inspectOnnx(model(outer)).controlFlow, ['Scan', 'If']);
  });

  it('finds a tensor that lies in another file', () => {
    const byEntry = field(5, Buffer.concat([text(8, 'weights'), field(13, text(1, 'location'))]));
    const byLocation = field(5, Buffer.concat([text(8, 'weights'), int(14, 1)]));
    for (const initializer of [byEntry, byLocation]) {
      const { fault } = inspectOnnx(model(initializer));
      assert.equal(fault?.reason, 'EXTERNAL_DATA');
      assert.match(fault?.message ?? '', /tensor weights/);
    }
  });

  it('finds an operator that nobody has, unless the model brings it along', () => {
    const custom = model(node('Evil', 'com.example'));
    assert.equal(inspectOnnx(custom).fault?.reason, 'CUSTOM_OPERATOR');
    const own = field(25, Buffer.concat([text(1, 'Evil'), text(10, 'com.example')]));
    assert.equal(inspectOnnx(Buffer.concat([custom, own])).fault, undefined);
  });

  it('says of any bytes what they are, in bounded time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.ok(Array.isArray(inspectOnnx(Buffer.from(bytes)).controlFlow));
      }),
      { numRuns: 2_000 },
    );
    assert.equal(inspectOnnx(Buffer.alloc(0)).fault?.reason, 'NOT_ONNX');
    let nested: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 1_000; depth++) nested = field(1, field(5, field(6, nested)));
    assert.equal(inspectOnnx(field(7, nested)).fault?.reason, 'NOT_ONNX');
  });
});
