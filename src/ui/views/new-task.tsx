import { useEffect } from 'preact/hooks';
import { TaskSchema } from '../../../gen/ts/predictd/v1/task_pb.js';
import { session } from '../api/session.js';
import { FormContext } from '../form/form-state.js';
import { Members } from '../form/group.js';
import { DryRunTable } from './dry-run-table.js';
import { forgetDraft, isDrafted, mayForgetDraft } from './new-task-draft.js';
import { type NewTaskState, useNewTask } from './use-new-task.js';

/** Makes a task: a form that is made of the contract and checked by the service. */
export function NewTask() {
  const state = useNewTask(session.value?.user ?? '');
  const { form, found, trouble } = state;
  useEffect(() => {
    document.title = 'New task · predictd';
  }, []);
  return (
    <FormContext.Provider value={form}>
      <form
        class="sheet new-task"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void state.create();
        }}
      >
        <h1>New task</h1>
        <Name state={state} />
        <Members desc={TaskSchema} path={[]} />
        <div aria-live="polite">{found.value && <DryRunTable records={found.value} />}</div>
        <div class="sticky">
          <p class="fault" role="alert">
            {trouble.value}
          </p>
          <Tools state={state} />
        </div>
      </form>
    </FormContext.Provider>
  );
}

function Name({ state: { form, taskId } }: { readonly state: NewTaskState }) {
  const faults = form.faults.value.filter(({ field }) => field === 'task_id');
  return (
    <div class="field">
      <label for="task-id">
        Name<span class="required"> required</span>
      </label>
      <div>
        <input
          id="task-id"
          required
          spellcheck={false}
          autoComplete="off"
          aria-describedby="task-id-fault task-id-help"
          aria-invalid={faults.length > 0}
          value={taskId.value}
          onInput={(event) => {
            taskId.value = event.currentTarget.value;
          }}
        />
        <p class="fault" id="task-id-fault" aria-live="polite">
          {faults.map(({ description }) => description)}
        </p>
        <p class="help" id="task-id-help">
          1 to 128 of <code>a-z A-Z 0-9 . _ -</code>, beginning with a letter or digit.
        </p>
      </div>
    </div>
  );
}

function Tools({ state }: { readonly state: NewTaskState }) {
  const { records, busy, starts } = state;
  return (
    <div class="tools">
      <label>
        Dry run of{' '}
        <input
          type="number"
          min={1}
          max={100}
          value={records.value}
          onInput={(event) => {
            records.value = Math.min(100, Math.max(1, event.currentTarget.valueAsNumber || 1));
          }}
        />{' '}
        records
      </label>
      <button type="button" disabled={busy.value !== ''} onClick={state.dryRun}>
        {busy.value === 'dry run' ? 'Trying…' : 'Try it'}
      </button>
      <span class="grow" />
      {isDrafted.value && (
        <button type="button" class="quiet" disabled={busy.value !== ''} onClick={discard}>
          Discard
        </button>
      )}
      <label>
        <input
          type="checkbox"
          checked={starts.value}
          onChange={(event) => {
            starts.value = event.currentTarget.checked;
          }}
        />{' '}
        Start it at once
      </label>
      <button type="submit" class="primary" disabled={busy.value !== ''}>
        {busy.value === 'create' ? 'Creating…' : 'Create'}
      </button>
    </div>
  );
}

async function discard(): Promise<void> {
  if (await mayForgetDraft()) forgetDraft();
}
