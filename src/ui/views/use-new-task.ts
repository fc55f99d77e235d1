import { type Signal, useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { TaskSchema } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { DryRunRecord } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { startTask } from '../api/actions.js';
import { failureOf, failureText } from '../api/failure.js';
import { createTask, validate } from '../api/new-task.js';
import { allModels } from '../api/pages.js';
import { newRequestId } from '../api/request-id.js';
import { announce } from '../components/notice.js';
import type { FormState } from '../form/form-state.js';
import { toJsonObject } from '../form/to-json.js';
import { go, taskHref } from '../router.js';
import { lastPart } from '../words.js';
import { forgetDraft, type NewTaskDraft, newTaskDraft } from './new-task-draft.js';

/** A task that is being defined. */
export interface NewTaskState extends NewTaskDraft {
  /** Records of a dry run, 1 to 100. */
  readonly records: Signal<number>;
  /** What the last dry run read. */
  readonly found: Signal<readonly DryRunRecord[] | undefined>;
  /** What is wrong and of no field. */
  readonly trouble: Signal<string>;
  readonly busy: Signal<'' | 'dry run' | 'create'>;
  dryRun(): Promise<void>;
  create(): Promise<void>;
}

/** A change is checked when nothing more was typed for this long. */
const pauseMs = 500;

/** The state of the form for a task of `users/{user}`; the service checks it while it is filled in. */
export function useNewTask(parent: string): NewTaskState {
  const { form, taskId, starts } = newTaskDraft;
  const records = useSignal(5);
  const found = useSignal<readonly DryRunRecord[] | undefined>(undefined);
  const trouble = useSignal('');
  const busy = useSignal<'' | 'dry run' | 'create'>('');
  const json = useComputed(() => toJsonObject(TaskSchema, form.draft.value));
  // Another content is another wish; the same one may be sent twice.
  const requestId = useComputed(() => json.value && newRequestId());
  const blame = (error: unknown) => {
    const { message, violations } = failureOf(error);
    form.faults.value = violations.map(fromTask);
    const fields = violations.length === 1 ? 'one field' : `${violations.length} fields`;
    trouble.value = violations.length > 0 ? `Look at ${fields} above.` : message;
  };
  const check = async (dryRunRecords: number, signal?: AbortSignal) => {
    const about = json.value;
    try {
      const answer = await validate({ parent, json: about, dryRunRecords }, signal);
      if (signal?.aborted) return;
      // What was typed while a dry run read is checked on its own.
      if (json.value === about) {
        form.faults.value = answer.faults;
        trouble.value = '';
      }
      if (dryRunRecords > 0) found.value = answer.faults.length > 0 ? undefined : answer.records;
    } catch (error) {
      if (!signal?.aborted) blame(error);
    }
  };
  const dryRun = async () => {
    busy.value = 'dry run';
    form.showAll.value = true;
    await check(records.value);
    busy.value = '';
    focusFirstFault();
  };
  const create = async () => {
    busy.value = 'create';
    form.showAll.value = true;
    try {
      const request = { parent, taskId: taskId.value, json: json.value };
      const name = await createTask(request, requestId.value);
      await finish(name, starts.value);
      forgetDraft();
      go(taskHref(name));
    } catch (error) {
      blame(error);
      focusFirstFault();
    }
    busy.value = '';
  };
  useModelNames(form, parent);
  const checked = json.value;
  useEffect(() => {
    if (Object.keys(form.draft.value).length === 0) return undefined;
    const leaving = new AbortController();
    const timer = window.setTimeout(() => void check(0, leaving.signal), pauseMs);
    return () => {
      window.clearTimeout(timer);
      leaving.abort();
    };
  }, [checked]);
  return { form, taskId, starts, records, found, trouble, busy, dryRun, create };
}

/** Starts a task that was made, if wished. It is there from then on, whether that works or not. */
async function finish(name: string, starts: boolean): Promise<void> {
  const id = lastPart(name);
  try {
    if (starts) await startTask(name);
    announce(`${id} was created${starts ? ' and started' : ''}.`);
  } catch (error) {
    announce(`${id} was created, but not started. ${failureText(error)}`, true);
  }
}

/** Offers the user's models where one is named. */
function useModelNames(form: FormState, parent: string): void {
  useEffect(() => {
    const leaving = new AbortController();
    allModels(parent, leaving.signal).then(
      (models) => {
        const names = models.map(({ name }) => lastPart(name));
        form.suggestions.value = new Map([['predictd.v1.OnnxPredictor.model', names]]);
      },
      // Then the name is typed without help.
      () => undefined,
    );
    return () => leaving.abort();
  }, [parent, form]);
}

/** The request of a creation has the task within it, that of a check is about the task. */
function fromTask({
  field,
  description,
}: {
  readonly field: string;
  readonly description: string;
}) {
  return { field: field.replace(/^task\./, ''), description };
}

/** Whoever cannot see the page is taken to what is wrong. */
function focusFirstFault(): void {
  window.setTimeout(() => {
    document.querySelector<HTMLElement>('form [aria-invalid="true"]')?.focus();
  });
}
