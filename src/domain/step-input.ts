import type { EventDraft } from './event.js';
import type { Progress } from './execution.js';
import type { ModelRef } from './model.js';
import type { ModelWish } from './model-wish.js';
import type { Run } from './run.js';
import type { RunnerOutcome, RunnerReport } from './runner-report.js';
import type { ModelUse, Scoring } from './scoring.js';
import type { State } from './state.js';

/** What happens to an execution. */
export type Input =
  /** A place is free for a queued execution. */
  | { readonly type: 'admit' }
  /** What it waits for is over; the state is absent if nobody knows how it ended. */
  | { readonly type: 'preceded'; readonly state?: State }
  | { readonly type: 'stop'; readonly actor: string; readonly force: boolean }
  /** Somebody wants other models to score. */
  | { readonly type: 'wish'; readonly wish: ModelWish; readonly actor: string }
  | { readonly type: 'spawned'; readonly epoch: number; readonly processId: number }
  | { readonly type: 'spawn-failed'; readonly epoch: number; readonly cause: SpawnFailure }
  | { readonly type: 'ready'; readonly epoch: number }
  | {
      readonly type: 'heartbeat';
      readonly epoch: number;
      readonly report: RunnerReport;
    }
  | {
      readonly type: 'log';
      readonly epoch: number;
      readonly severity: EventDraft['severity'];
      readonly reason: string;
      readonly message: string;
    }
  /** The runner holds the model beside the active one, warmed up. */
  | { readonly type: 'model-loaded'; readonly epoch: number; readonly sha256: string }
  /** The runner cannot use the model, or gave the shadow up. */
  | {
      readonly type: 'model-refused';
      readonly epoch: number;
      readonly sha256: string;
      readonly cause: ModelRefusal;
    }
  | { readonly type: 'ended'; readonly epoch: number; readonly outcome: RunnerOutcome }
  /** The process is gone. `progress`: how far it came, if Kafka had to be asked for it. */
  | {
      readonly type: 'exited';
      readonly epoch: number;
      readonly exit: Exit;
      readonly progress?: Progress;
    }
  | { readonly type: 'tick' }
  /** The service begins, and no runner of an earlier service can be alive. */
  | { readonly type: 'recover' }
  /** The service ends; the execution goes on when it begins again. */
  | { readonly type: 'drain' };

/** Why a model cannot be used. */
export interface ModelRefusal {
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  readonly message: string;
}

export interface SpawnFailure {
  readonly reason: string;
  readonly message: string;
  readonly fatal: boolean;
}

/** How the runner process ended, as the operating system tells. */
export interface Exit {
  readonly exitCode?: number;
  readonly signal: string;
  /** Reason read off its last words, such as `OUT_OF_MEMORY`; empty if there is none. */
  readonly reason: string;
  readonly message: string;
}

/** What is to be done after the step is on disk. */
export type Effect =
  | { readonly type: 'spawn'; readonly epoch: number }
  | { readonly type: 'stop'; readonly epoch: number }
  | { readonly type: 'kill'; readonly epoch: number }
  /** Try the model out, and load it beside the active one. */
  | {
      readonly type: 'load-model';
      readonly epoch: number;
      readonly model: ModelRef;
      readonly use: ModelUse;
    }
  /** Score with the loaded model from the next micro-batches on. */
  | { readonly type: 'use-model'; readonly epoch: number; readonly sha256: string }
  /** Free a model that was loaded or is being loaded, and is not the active one. */
  | { readonly type: 'drop-model'; readonly epoch: number; readonly sha256: string };

export interface Step {
  readonly run: Run;
  readonly events: readonly EventDraft[];
  readonly effects: readonly Effect[];
  /** Models that the task's next execution begins with, if they changed: written with the rest. */
  readonly scoring?: Scoring;
}

export interface Context {
  readonly now: number;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
}
