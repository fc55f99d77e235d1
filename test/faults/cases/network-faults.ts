import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { apiKeys } from '../../support/tcp-proxy.js';
import type { FaultCase, Figures, Lab, LabKafka } from '../lab.js';
import { describe, Stream } from '../stream.js';

/** Fault 12. */
export const badNetwork = badNetworkFor(3);

/** Fault 12, with so many rounds of broken connections. */
export function badNetworkFor(rounds: number): FaultCase {
  return {
    fault: 12,
    name: 'network: latency, cut, reset mid-frame, slices, refusal',
    holds: 'the task goes on or comes back with no operator',
    run: (lab) => runBadNetwork(lab, rounds),
  };
}

async function runBadNetwork(lab: Lab, rounds: number): Promise<Figures> {
  const kafka = await lab.kafka();
  const { proxy } = kafka;
  const stream = await proxied(lab, kafka);
  const recoveryMs: number[] = [];
  let injected = 0;
  const inject = async (what: string, act: () => unknown) => {
    injected += 1;
    await act();
    const ms = await stream.recovers();
    recoveryMs.push(ms);
    lab.note(`${what}: predicting after ${Math.round(ms)} ms`);
  };
  await inject('latency of 100 ms each way', () => {
    proxy.latencyMs.requests = 100;
    proxy.latencyMs.answers = 100;
  });
  proxy.heal();
  await inject('late answers only, 300 ms', () => {
    proxy.latencyMs.answers = 300;
  });
  proxy.heal();
  await inject('slices of 512 bytes', () => {
    proxy.sliceBytes = 512;
  });
  proxy.heal();
  for (let round = 0; round < rounds; round += 1) {
    await inject('cut', () => proxy.cut());
    await inject('reset', () => proxy.reset());
    await inject('reset within a frame', () => {
      proxy.resetAfter(1 + Math.floor(lab.random() * 200));
    });
    await delay(lab.random() * 500);
  }
  await inject('refusal for 3 s', async () => {
    proxy.refuses = true;
    proxy.reset();
    await delay(3_000);
    proxy.heal();
  });
  assert.equal((await stream.status()).restartCount, 0);
  return { injected, ...(await stream.account()), recoveryMs };
}

/** Fault 13. */
export const halfOpen: FaultCase = {
  fault: 13,
  name: 'half-open connections',
  holds: 'a request timeout fires, and the client is rebuilt',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await proxied(lab, kafka, { 'request.timeout.ms': '5000' });
    const recoveryMs: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      kafka.proxy.freeze();
      const frozenAt = performance.now();
      await stream.recovers();
      await stream.until('no trouble', ({ state }) => state === State.RUNNING);
      recoveryMs.push(performance.now() - frozenAt);
    }
    const { restartCount } = await stream.status();
    assert.equal(restartCount, 0);
    return { injected: 3, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 13 with the timeouts that everybody has. */
export const halfOpenByDefault: FaultCase = {
  fault: 13,
  name: 'half-open connections, default timeouts',
  holds: 'the client is rebuilt within a minute',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await proxied(lab, kafka);
    kafka.proxy.freeze();
    const frozenAt = performance.now();
    await stream.recovers(90_000);
    await stream.stopFeeding();
    // A partition whose connection was idle may go on before the others.
    await stream.caughtUp(90_000);
    const recoveryMs = [performance.now() - frozenAt];
    lab.note(describe(await stream.status()));
    return { injected: 1, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 16. */
export const lateEndTxn: FaultCase = {
  fault: 16,
  name: 'EndTxn delayed past its timeout',
  holds: 'the producer is made anew after the doubt; the late request changes nothing',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await proxied(lab, kafka, { 'request.timeout.ms': '3000' });
    const recoveryMs: number[] = [];
    let delayed = 0;
    for (let round = 0; round < 4; round += 1) {
      const before = delayed;
      // Later than the client waits; then it comes, from a connection that the client has given up.
      kafka.proxy.onRequest = async (apiKey) => {
        if (apiKey !== apiKeys.endTxn || delayed > before) return undefined;
        delayed += 1;
        await delay(2_000 + 4_000 * lab.random());
        return undefined;
      };
      await stream.until('a delayed commit', () => delayed > before);
      recoveryMs.push(await stream.recovers());
    }
    kafka.proxy.heal();
    return { injected: delayed, ...(await stream.account()), recoveryMs };
  },
};

/** A stream through the proxy that is fed past it. */
async function proxied(
  lab: Lab,
  kafka: LabKafka,
  options: Record<string, string> = {},
): Promise<Stream> {
  const { address } = kafka.proxy;
  // Small batches would make the latency, not the fault, the bound of what is done in a second.
  const spec = { source: { options }, batch: { maxRecords: 4_000 } };
  const stream = await Stream.open(lab, { kafka, partitions: 3, brokers: address, spec });
  stream.feed();
  await stream.recovers();
  return stream;
}
