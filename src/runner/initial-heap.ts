import { setFlagsFromString } from 'node:v8';

/** Beyond it a larger start saves nothing that could be measured. */
const INITIAL_HEAP_MIB_MOST = 256;

/**
 * Lets the heaps of threads that start from now on grow to `heapMinMib` before their old objects are collected. V8 else begins with a
 * few MiB, counts fetched bytes in, and marks the whole heap for each fetch or two of large records.
 */
export function setInitialHeap(heapMinMib: number): void {
  const mib = Math.min(heapMinMib, INITIAL_HEAP_MIB_MOST);
  setFlagsFromString(`--initial-old-space-size=${mib}`);
}
