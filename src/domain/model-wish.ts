import { DomainError } from './errors.js';
import type { ModelRef } from './model.js';
import { activate, describeModel, isSame, type ModelUse, type Scoring } from './scoring.js';

/** What somebody wants of the models of a task. */
export type ModelWish =
  | { readonly type: 'swap'; readonly model: ModelRef }
  | { readonly type: 'shadow'; readonly model: ModelRef }
  | { readonly type: 'promote' }
  | { readonly type: 'drop' }
  | { readonly type: 'rollback' };

/** What a wish comes to. */
export type WishOutcome =
  /** It is so already. */
  | { readonly type: 'nothing' }
  /** Another model is to score. */
  | { readonly type: 'load'; readonly model: ModelRef; readonly use: ModelUse }
  /** A change that is under way or blocked is given up. */
  | { readonly type: 'give-up'; readonly model: ModelRef }
  | { readonly type: 'drop-shadow'; readonly model: ModelRef };

/** Says what a wish comes to. NO_SHADOW_MODEL or NO_PREVIOUS_MODEL if it comes to nothing that could be done. */
export function readWish(scoring: Scoring, wish: ModelWish): WishOutcome {
  const { active, previous, shadow, update } = scoring;
  switch (wish.type) {
    case 'swap':
      if (!isSame(wish.model, active)) return { type: 'load', model: wish.model, use: 'SWAP' };
      return update?.use === 'SWAP' ? giveUp(update.model) : { type: 'nothing' };
    case 'shadow':
      if (isSame(wish.model, active)) throw shadowOfItself(active);
      if (shadow && isSame(wish.model, shadow)) return { type: 'nothing' };
      return { type: 'load', model: wish.model, use: 'SHADOW' };
    case 'promote':
      if (!shadow) throw new DomainError('NO_SHADOW_MODEL');
      return { type: 'load', model: shadow, use: 'SWAP' };
    case 'drop':
      if (update?.use === 'SHADOW') return giveUp(update.model);
      return shadow ? { type: 'drop-shadow', model: shadow } : { type: 'nothing' };
    case 'rollback':
      if (update?.use === 'SWAP') return giveUp(update.model);
      if (!previous || isSame(previous, active)) throw new DomainError('NO_PREVIOUS_MODEL');
      return { type: 'load', model: previous, use: 'SWAP' };
  }
}

/** A change of the models of a task that does not run. */
export interface RestingChange {
  readonly scoring: Scoring;
  readonly reason: string;
  readonly message: string;
}

/** Decides a wish for a task that does not run; undefined if nothing changes. Throws as `readWish`. */
export function wishAtRest(scoring: Scoring, wish: ModelWish): RestingChange | undefined {
  const outcome = readWish(scoring, wish);
  switch (outcome.type) {
    case 'nothing':
    case 'give-up':
      return undefined;
    case 'drop-shadow': {
      const { shadow: _dropped, ...rest } = scoring;
      const message = `Model ${describeModel(outcome.model)} is no shadow any more.`;
      return { scoring: rest, reason: 'SHADOW_DROPPED', message };
    }
    case 'load': {
      const name = describeModel(outcome.model);
      if (outcome.use === 'SHADOW') {
        const message = `Model ${name} is the shadow from the next execution on.`;
        return { scoring: { ...scoring, shadow: outcome.model }, reason: 'SHADOW_SET', message };
      }
      const message = `Model ${name} takes the place of ${describeModel(scoring.active)} from the next execution on.`;
      return { scoring: activate(scoring, outcome.model), reason: 'MODEL_SWAPPED', message };
    }
  }
}

function giveUp(model: ModelRef): WishOutcome {
  return { type: 'give-up', model };
}

function shadowOfItself(active: ModelRef): DomainError {
  return new DomainError('NO_SHADOW_MODEL', {
    message: `Model ${active.name} is the active one; there is nothing to compare it with.`,
  });
}
