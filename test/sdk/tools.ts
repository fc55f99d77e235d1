import type { Check } from './check.js';

/** Tools. */
export const toolChecks: readonly Check[] = [];
