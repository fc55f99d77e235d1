import { mapSecrets } from './spec-secrets.js';
import type { TaskSpec } from './task.js';

/** What reads show in place of a secret, and what a write sends back to keep the stored one. */
export const mask = '***';

/** The spec as it may be shown: every secret that is set reads as `***`. */
export function maskSpec(spec: TaskSpec): TaskSpec {
  return mapSecrets(spec, () => mask);
}
