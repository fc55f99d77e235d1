import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A question with what will happen, before it does. */
export interface Question {
  readonly title: string;
  readonly text: ComponentChildren;
  /** What the button says that does it. */
  readonly action: string;
  readonly isDanger?: boolean;
}

const asked = signal<{ readonly question: Question; settle(yes: boolean): void } | undefined>(
  undefined,
);

/** Asks, and resolves to whether the user wants it. */
export function ask(question: Question): Promise<boolean> {
  asked.value?.settle(false);
  return new Promise((resolve) => {
    asked.value = {
      question,
      settle(yes) {
        asked.value = undefined;
        resolve(yes);
      },
    };
  });
}

/** Where questions are asked. The browser keeps the focus in it, and gives it back when it closes. */
export function AskDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isWanted = useRef(false);
  const open = asked.value;
  useEffect(() => {
    isWanted.current = false;
    if (open) dialog.current?.showModal();
  }, [open]);
  // A question ends with the session that it was asked in.
  useEffect(() => () => asked.value?.settle(false), []);
  if (!open) return null;
  const { question, settle } = open;
  const close = (yes: boolean) => {
    isWanted.current = yes;
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} aria-labelledby="question" onClose={() => settle(isWanted.current)}>
      <h2 id="question">{question.title}</h2>
      <div class="text">{question.text}</div>
      <div class="buttons">
        <button type="button" onClick={() => close(false)}>
          Cancel
        </button>
        <button
          type="button"
          class={question.isDanger ? 'danger' : 'primary'}
          onClick={() => close(true)}
        >
          {question.action}
        </button>
      </div>
    </dialog>
  );
}
