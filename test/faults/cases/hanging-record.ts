import assert from 'node:assert/strict';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { loopingModel } from '../onnx-model.js';
import { Stream, uploadBytes } from '../stream.js';

/** Fault 7 and 19: one record that a model never returns from. */
export const hangingRecord: FaultCase = {
  fault: 19,
  name: 'a record that hangs the model',
  holds: 'it is found, dead-lettered as MODEL_HUNG, and the stream goes on by itself',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const flags = ['--allow-model-loops', '--score-timeout', '2'];
    const stream = await Stream.open(lab, { kafka, flags, start: false, records: 1_000 });
    await uploadBytes(stream.connection, 'looping', loopingModel());
    const { name } = stream;
    await stream.connection.tasks.swapModel({ name, model: 'looping' });
    const poison = JSON.stringify({ features: [1e18, 0, 0, 0] });
    await kafka.produceRecords(stream.source, [{ key: 'poison', value: poison, partition: 1 }]);
    await stream.produce(1_000);
    await stream.start();
    const startedAt = performance.now();
    const deadLetters = `${stream.sink}.dead-letter`;
    await stream.caughtUp(120_000);
    const recoveryMs = [performance.now() - startedAt];
    const figures = await stream.account({ alsoIn: deadLetters });
    const [letter, ...more] = await kafka.readCommitted(deadLetters);
    assert.equal(letter?.key, 'poison');
    assert.equal(letter?.headers['predictd-error-reason'], 'MODEL_HUNG');
    assert.equal(more.length, 0, 'no other record is blamed');
    const { events } = await stream.connection.tasks.listEvents({ parent: name, pageSize: 1_000 });
    const reasons = events.map(({ reason }) => reason);
    assert.ok(reasons.includes('MODEL_HUNG'), reasons.join());
    assert.equal((await stream.status()).restartCount, 2);
    return { injected: 1, ...figures, recoveryMs };
  },
};
