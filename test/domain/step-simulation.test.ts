import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Simulation } from './simulation.js';

/** `PREDICTD_SEED=123 node --test …` repeats one run. */
const seedGiven = process.env.PREDICTD_SEED;
const stepsPerSeed = 20_000;
/** Each of them found a bug once. */
const seedsThatFound = [179_589_257_691];
const firstSeed = Math.floor(Date.now() / 1_000) * 100;
const newSeeds = Array.from({ length: 100 }, (_, index) => firstSeed + index);
const seeds = seedGiven ? [Number(seedGiven)] : [...seedsThatFound, ...newSeeds];

test('executions keep every promise through two million random steps', (t) => {
  const reached = new Map<string, number>();
  for (const seed of seeds) {
    const simulation = new Simulation(seed);
    try {
      for (let index = 0; index < stepsPerSeed; index += 1) simulation.advance();
      simulation.settle();
    } catch (error) {
      throw new Error(`repeat it with PREDICTD_SEED=${seed}`, { cause: error });
    }
    for (const [what, count] of simulation.counts) {
      reached.set(what, (reached.get(what) ?? 0) + count);
    }
  }
  t.diagnostic(
    `new seeds ${newSeeds[0]} to ${newSeeds.at(-1)}: ${JSON.stringify(Object.fromEntries(reached))}`,
  );
  const corners = [
    'CANCELLED',
    'COMPLETED',
    'FAILED',
    'crash',
    'spawn-failed',
    'exited',
    'swapped',
    'blocked',
    'condemned',
  ];
  for (const corner of corners) assert.ok(reached.get(corner), `${corner} was reached`);
});
