import { readFileSync } from 'node:fs';
import type { Message } from 'kafkajs';
import { fixturePath } from '../support/fixtures.js';

interface Iris {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

/** The iris rows, and what Python's onnxruntime made of them. */
export const iris: Iris = JSON.parse(readFileSync(fixturePath('iris.json'), 'utf8'));

/** So many records with the keys `first` and on; each is a row of the iris data. */
export function irisMessages(count: number, first = 0): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const id = first + index;
    const features = iris.rows[id % iris.rows.length];
    return { key: String(id), value: JSON.stringify({ id, features }) };
  });
}
