import { computed, effect, type Signal, signal } from '@preact/signals';
import { session } from '../api/session.js';
import { ask } from '../components/ask.js';
import { isBlank } from '../form/draft.js';
import { clearForm, type FormState, newForm } from '../form/form-state.js';

/** What was typed of a new task. Like the credentials, it is kept in this tab only, and as long as the session. */
export interface NewTaskDraft {
  readonly form: FormState;
  readonly taskId: Signal<string>;
  readonly starts: Signal<boolean>;
}

/** The one draft: it outlives its view, so that a look at another one costs nothing. */
export const newTaskDraft: NewTaskDraft = {
  form: newForm(),
  taskId: signal(''),
  starts: signal(true),
};

/** Whether there is something to lose. */
export const isDrafted = computed(
  () => newTaskDraft.taskId.value !== '' || !isBlank(newTaskDraft.form.draft.value),
);

/** Begins anew. */
export function forgetDraft(): void {
  clearForm(newTaskDraft.form);
  newTaskDraft.taskId.value = '';
  newTaskDraft.starts.value = true;
}

/** Resolves to whether the draft may go, or there is none. */
export async function mayForgetDraft(): Promise<boolean> {
  if (!isDrafted.value) return true;
  return await ask({
    title: 'Discard the new task?',
    text: 'What was typed of it is lost.',
    action: 'Discard',
    isDanger: true,
  });
}

/** Has the browser ask before the page goes, and forgets the draft with the session that it was typed in. */
export function guardDraft(): void {
  const hold = (event: BeforeUnloadEvent) => event.preventDefault();
  effect(() => {
    if (isDrafted.value) window.addEventListener('beforeunload', hold);
    else window.removeEventListener('beforeunload', hold);
  });
  effect(() => {
    if (!session.value) forgetDraft();
  });
}
