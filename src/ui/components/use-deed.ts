import { type Signal, useSignal } from '@preact/signals';
import { failureText } from '../api/failure.js';
import { ask, type Question } from './ask.js';
import { announce } from './notice.js';

/** What a user may do, one at a time. */
export interface Deeds {
  /** The action that is being done; empty while none is. */
  readonly doing: Signal<string>;
  /** Asks first, does it, and says how it went: in the sentence that `work` answers, or why it failed. */
  run(question: Question, work: () => Promise<string>): Promise<void>;
}

/** Deeds of one part of the page. */
export function useDeeds(): Deeds {
  const doing = useSignal('');
  const run = async (question: Question, work: () => Promise<string>) => {
    if (!(await ask(question))) return;
    doing.value = question.action;
    try {
      announce(await work());
    } catch (error) {
      announce(failureText(error), true);
    } finally {
      doing.value = '';
    }
  };
  return { doing, run };
}
