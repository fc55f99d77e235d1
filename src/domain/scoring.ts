import type { ModelRef } from './model.js';

/** Which uploaded models score. */
export interface Scoring {
  /** Its predictions are written. */
  readonly active: ModelRef;
  /** What a rollback goes back to. */
  readonly previous?: ModelRef;
  /** Scores beside the active one and is compared with it. */
  readonly shadow?: ModelRef;
  /** A change that was asked for and has not taken place. */
  readonly update?: ModelUpdate;
  /** When the newest change took place or was given up; absent if there was none. */
  readonly settledAt?: number;
}

export type ModelUse = 'SWAP' | 'SHADOW';

/** A change of models that was asked for. It is durable from the moment that it is acknowledged. */
export interface ModelUpdate {
  readonly model: ModelRef;
  readonly use: ModelUse;
  readonly state: 'LOADING' | 'BLOCKED';
  readonly reason: string;
  readonly message: string;
  /** Since when `state` holds. */
  readonly at: number;
  /** `users/{user}` who asked for it. */
  readonly actor: string;
  /** Runners that broke while they tried it. */
  readonly breaks: number;
}

/** Puts a model into the active one's place. */
export function activate(scoring: Scoring, model: ModelRef): Scoring {
  const { active, shadow } = scoring;
  return {
    active: model,
    previous: active,
    ...(shadow && !isSame(shadow, model) ? { shadow } : {}),
  };
}

/** What the next execution begins with if this one ends now: a wish that is under way has been acknowledged. */
export function atRest({ update, ...scoring }: Scoring): Scoring {
  if (update?.state !== 'LOADING') return scoring;
  if (update.use === 'SHADOW') return { ...scoring, shadow: update.model };
  return activate(scoring, update.model);
}

/** Whether two names stand for the same model. */
export function isSame(a: ModelRef, b: ModelRef): boolean {
  return a.name === b.name && (a.sha256 === b.sha256 || a.sha256 === '' || b.sha256 === '');
}

/** For people. */
export function describeModel({ name, sha256 }: ModelRef): string {
  return sha256 === '' ? name : `${name} (${sha256.slice(0, 12)})`;
}
