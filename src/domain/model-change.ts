import type { EventDraft } from './event.js';
import { scoringOfExecution } from './execution.js';
import type { ModelRef } from './model.js';
import { type ModelWish, readWish } from './model-wish.js';
import type { Run, Runner } from './run.js';
import { activate, atRest, describeModel, type ModelUpdate, type Scoring } from './scoring.js';
import { isFinal } from './state.js';
import type { Context, Effect, ModelRefusal, Step } from './step-input.js';

/** A runner that broke so often while it tried a model was broken by it. */
const breaksMax = 2;

/**
 * Decides a wish for an execution that has not ended. What has to be loaded is noted first; a runner that is not ready yet is told
 * when it is, and one that is to be started tries it out before it reads anything. Throws as `readWish`.
 */
export function wished(
  run: Run,
  { wish, actor }: { readonly wish: ModelWish; readonly actor: string },
  { now }: Context,
): Step {
  const scoring = scoringOfExecution(run.execution);
  if (!scoring) return { run, events: [], effects: [] };
  const outcome = readWish(scoring, wish);
  const tell = (reason: string, message: string) => eventOf(run, { reason, message, actor, now });
  switch (outcome.type) {
    case 'nothing':
      return { run, events: [], effects: [] };
    case 'give-up': {
      const message = `The change to model ${describeModel(outcome.model)} was given up; ${describeModel(scoring.active)} stays.`;
      const next = withScoring(run, settled(scoring, now));
      const event = tell('MODEL_UPDATE_CANCELLED', message);
      return { run: next, events: [event], effects: drops(run, outcome.model) };
    }
    case 'drop-shadow': {
      const next = withoutShadow(run, scoring);
      const message = `Model ${describeModel(outcome.model)} is no shadow any more.`;
      const event = tell('SHADOW_DROPPED', message);
      return keep({ run: next, events: [event], effects: drops(run, outcome.model) });
    }
    case 'load':
      return load(run, scoring, { ...outcome, actor, now });
  }
}

interface Wanted extends Pick<ModelUpdate, 'model' | 'use' | 'actor'> {
  readonly now: number;
}

function load(run: Run, scoring: Scoring, { model, use, actor, now }: Wanted): Step {
  const { active, update: before } = scoring;
  const isLoaded = use === 'SWAP' && run.runner?.shadow === model.sha256;
  if (isLoaded) return swapped(run, scoring, { model, actor, now });
  const update: ModelUpdate = {
    model,
    use,
    state: 'LOADING',
    reason: 'LOADING',
    message: 'It is tried out and loaded beside the active model.',
    at: now,
    actor,
    breaks: 0,
  };
  const name = describeModel(model);
  const event = eventOf(run, {
    reason: use === 'SWAP' ? 'MODEL_SWAP_REQUESTED' : 'SHADOW_REQUESTED',
    message:
      use === 'SWAP'
        ? `Model ${name} is to take the place of ${describeModel(active)}.`
        : `Model ${name} is to score beside ${describeModel(active)}.`,
    actor,
    now,
  });
  return {
    run: withScoring(run, { ...scoring, update }),
    events: [event],
    effects: [...(before ? drops(run, before.model) : []), ...loads(run, [update])],
  };
}

/** The runner is ready: it may load what waits beside the active model. */
export function loadsWhenReady(run: Run): readonly Effect[] {
  const { scoring } = run.execution;
  if (!scoring) return [];
  const { shadow, update } = scoring;
  const wanted: Pick<ModelUpdate, 'model' | 'use'>[] = [];
  if (update?.state === 'LOADING') wanted.push(update);
  if (shadow && shadow.sha256 !== update?.model.sha256)
    wanted.push({ model: shadow, use: 'SHADOW' });
  return loads(run, wanted);
}

/** The runner holds a model, warmed up in every thread. What nobody wants any more is freed. */
export function modelLoaded(run: Run, sha256: string, { now }: Context): Step {
  const { scoring } = run.execution;
  const { update, shadow } = scoring ?? {};
  if (scoring && update?.state === 'LOADING' && update.model.sha256 === sha256) {
    const { model, actor } = update;
    if (update.use === 'SWAP') return swapped(run, scoring, { model, actor, now });
    const started = { ...settled(scoring, now), shadow: model };
    const message = `Model ${describeModel(model)} scores beside ${describeModel(scoring.active)}; nothing of it is written.`;
    const event = eventOf(run, { reason: 'SHADOW_STARTED', message, actor, now });
    return keep({
      run: withShadow(withScoring(run, started), sha256),
      events: [event],
      effects: shadow ? drops(run, shadow) : [],
    });
  }
  if (shadow?.sha256 === sha256) return { run: withShadow(run, sha256), events: [], effects: [] };
  return { run, events: [], effects: drops(run, { sha256 }) };
}

/** The runner cannot use a model, or gave up a shadow that scored already. The active one goes on. */
export function modelRefused(
  run: Run,
  { sha256, cause }: { readonly sha256: string; readonly cause: ModelRefusal },
  context: Context,
): Step {
  const { scoring } = run.execution;
  if (scoring?.update?.model.sha256 === sha256 && scoring.update.state === 'LOADING') {
    return blocked(run, scoring, cause, context);
  }
  if (scoring?.shadow?.sha256 !== sha256) return { run, events: [], effects: [] };
  const message = `Model ${describeModel(scoring.shadow)} is no shadow any more: ${cause.message}`;
  const event = eventOf(run, { reason: 'SHADOW_DROPPED', message, now: context.now });
  return keep({
    run: withoutShadow(run, scoring),
    events: [{ ...event, severity: 'WARNING' }],
    effects: [],
  });
}

/** The runner broke: a model that it was trying may be the reason, and is not tried for ever. */
export function afterBreak(run: Run, cause: ModelRefusal, context: Context): Step {
  const { scoring } = run.execution;
  const update = scoring?.update;
  if (!scoring || update?.state !== 'LOADING') return { run, events: [], effects: [] };
  const breaks = update.breaks + 1;
  if (breaks < breaksMax) {
    const counted = { ...scoring, update: { ...update, breaks } };
    return { run: withScoring(run, counted), events: [], effects: [] };
  }
  const message = `The runner broke ${breaks} times while it was tried. Last: ${cause.message}`;
  return blocked(run, scoring, { reason: cause.reason, message }, context);
}

/** The execution ended: a change that was under way is what the next one begins with. */
export function afterEnd(decided: Step, { now }: Context): Step {
  const { run } = decided;
  const { scoring } = run.execution;
  if (!isFinal(run.execution.state) || scoring?.update?.state !== 'LOADING') return decided;
  const { model, use, actor } = scoring.update;
  const next = atRest(scoring);
  const what =
    use === 'SWAP' ? `Model ${describeModel(model)} scores` : `Its shadow is ${model.name}`;
  const message = `${what} from the next execution on; this one ended before it was loaded.`;
  const reason = use === 'SWAP' ? 'MODEL_SWAPPED' : 'SHADOW_SET';
  const event = eventOf(run, { reason, message, actor, now });
  return { ...decided, events: [...decided.events, event], scoring: next };
}

function swapped(run: Run, scoring: Scoring, { model, actor, now }: Omit<Wanted, 'use'>): Step {
  const message = `Model ${describeModel(model)} takes the place of ${describeModel(scoring.active)}, in each partition between two micro-batches.`;
  const event = eventOf(run, { reason: 'MODEL_SWAPPED', message, actor, now });
  const { runner } = run;
  const effects: Effect[] = runner
    ? [{ type: 'use-model', epoch: runner.epoch, sha256: model.sha256 }]
    : [];
  const next = withScoring(run, settled(activate(scoring, model), now));
  const known = runner?.shadow === model.sha256 ? withShadow(next, undefined) : next;
  const { update } = scoring;
  const freed = update && update.model.sha256 !== model.sha256 ? drops(run, update.model) : [];
  return keep({ run: known, events: [event], effects: [...effects, ...freed] });
}

function blocked(run: Run, scoring: Scoring, cause: ModelRefusal, { now }: Context): Step {
  const { update } = scoring;
  if (!update) return { run, events: [], effects: [] };
  const refused: ModelUpdate = { ...update, ...cause, state: 'BLOCKED', at: now };
  const message = `Model ${describeModel(update.model)} cannot be used (${cause.reason}): ${cause.message} ${describeModel(scoring.active)} stays.`;
  const event = eventOf(run, { reason: 'UPDATE_BLOCKED', message, now });
  return {
    run: withScoring(run, { ...scoring, update: refused }),
    events: [{ ...event, severity: 'WARNING' }],
    effects: [],
  };
}

function loads(run: Run, wanted: readonly Pick<ModelUpdate, 'model' | 'use'>[]): Effect[] {
  const { runner } = run;
  if (!runner?.ready || runner.stopDeadline !== undefined) return [];
  const { epoch } = runner;
  return wanted.map(({ model, use }) => ({ type: 'load-model', epoch, model, use }));
}

function drops({ runner }: Run, { sha256 }: Pick<ModelRef, 'sha256'>): Effect[] {
  return runner ? [{ type: 'drop-model', epoch: runner.epoch, sha256 }] : [];
}

function withScoring(run: Run, scoring: Scoring): Run {
  return { ...run, execution: { ...run.execution, scoring } };
}

/** The change that was under way is over, whatever became of it. */
function settled(scoring: Scoring, now: number): Scoring {
  return { ...without(scoring, 'update'), settledAt: now };
}

/** Nobody wants the shadow any more: to be used it would have to be loaded again. */
function withoutShadow(run: Run, scoring: Scoring): Run {
  return withShadow(withScoring(run, without(scoring, 'shadow')), undefined);
}

function withShadow(run: Run, sha256: string | undefined): Run {
  if (!run.runner) return run;
  const { shadow: _before, ...runner } = run.runner;
  const known: Runner = sha256 === undefined ? runner : { ...runner, shadow: sha256 };
  return { ...run, runner: known };
}

function without(scoring: Scoring, part: 'shadow' | 'update'): Scoring {
  const { [part]: _dropped, ...rest } = scoring;
  return rest;
}

/** Also what the next execution begins with. */
function keep(step: Step): Step {
  const { scoring } = step.run.execution;
  if (!scoring) return step;
  const { update: _underWay, ...rest } = scoring;
  return { ...step, scoring: rest };
}

function eventOf(
  { execution, runner }: Run,
  told: { reason: string; message: string; actor?: string; now: number },
): EventDraft {
  return {
    taskId: execution.taskId,
    executionNumber: execution.number,
    at: told.now,
    actor: told.actor ?? 'supervisor',
    reason: told.reason,
    message: told.message,
    severity: 'INFO',
    epoch: runner?.epoch ?? 0,
  };
}
