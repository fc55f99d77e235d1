import { durationMs } from '@bufbuild/protobuf/wkt';
import { useSignal } from '@preact/signals';
import {
  type ModelStatus,
  type ModelUpdate,
  ModelUpdateState,
  ModelUse,
  type ShadowStatus,
  type Task,
} from '../../../gen/ts/predictd/v1/task_pb.js';
import { tasks } from '../api/clients.js';
import { allModels } from '../api/pages.js';
import { newRequestId } from '../api/request-id.js';
import { mayAct } from '../api/session.js';
import type { Question } from '../components/ask.js';
import { useDeeds } from '../components/use-deed.js';
import { useLoaded } from '../components/use-loaded.js';
import { count, lastPart, ownerOf, spoken } from '../words.js';
import { dropping, promoting, rollingBack, shadowing, swapping } from './model-questions.js';

/** Which models score for a task, and the change of them. Nothing where none was uploaded for it. */
export function TaskModels({ task }: { readonly task: Task }) {
  const models = task.status?.models;
  if (!models) return null;
  const { active, previous, shadow, update } = models;
  return (
    <section aria-label="Models">
      <h2>Models</h2>
      <table class="plain">
        <tbody>
          <tr>
            <th scope="row">Scores</th>
            <td class="wide">
              {lastPart(active?.model ?? '')}{' '}
              <small class="mono">{active?.sha256.slice(0, 12)}</small>
            </td>
          </tr>
          {previous && (
            <tr>
              <th scope="row">Before</th>
              <td class="wide">
                {lastPart(previous.model)}{' '}
                <small class="mono">{previous.sha256.slice(0, 12)}</small>
              </td>
            </tr>
          )}
          {update && <UpdateRow update={update} />}
          {shadow && <ShadowRow shadow={shadow} />}
        </tbody>
      </table>
      {mayAct() && <ModelActions task={task} models={models} />}
    </section>
  );
}

function UpdateRow({ update }: { readonly update: ModelUpdate }) {
  const isBlocked = update.state === ModelUpdateState.BLOCKED;
  const use = update.use === ModelUse.SHADOW ? 'shadow' : 'swap';
  return (
    <tr>
      <th scope="row">Asked for</th>
      <td class="wide">
        {use} to {lastPart(update.model?.model ?? '')}:{' '}
        <span class={isBlocked ? 'tone-bad' : 'tone-busy'}>
          {isBlocked ? `blocked, ${spoken(update.reason)}.` : 'being loaded.'}
        </span>{' '}
        {update.message}
      </td>
    </tr>
  );
}

function ShadowRow({ shadow }: { readonly shadow: ShadowStatus }) {
  const { recordsCompared, recordsDiffering, differingShare, meanLatency } = shadow;
  return (
    <tr>
      <th scope="row">Shadow</th>
      <td class="wide">
        {lastPart(shadow.model?.model ?? '')}: {count(recordsDiffering)} of {count(recordsCompared)}{' '}
        records differ ({(differingShare * 100).toFixed(2)} %), by at most{' '}
        {shadow.maxAbsoluteDifference.toPrecision(3)}
        {meanLatency && `; ${durationMs(meanLatency).toFixed(1)} ms a record`}
        {!shadow.scoring && <span class="tone-warning"> not scoring at the moment</span>}
      </td>
    </tr>
  );
}

interface ModelActionsProps {
  readonly task: Task;
  readonly models: ModelStatus;
}

function ModelActions({ task, models: { active, previous, shadow, update } }: ModelActionsProps) {
  const { name } = task;
  const owner = `users/${ownerOf(name)}`;
  const { value, fault } = useLoaded((signal) => allModels(owner, signal), owner);
  const wanted = useSignal('');
  const { doing, run } = useDeeds();
  const others = (value.value ?? []).filter((model) => model.name !== active?.model);
  const act = (question: Question, call: () => Promise<unknown>) =>
    run(question, async () => {
      await call();
      return `${lastPart(name)}: ${question.action.toLowerCase()} was asked for.`;
    });
  const isBusy = doing.value !== '';
  const request = () => ({ name, requestId: newRequestId() });
  // What was chosen may score by now, or be deleted.
  const model = others.find((one) => one.name === wanted.value)?.name ?? '';
  const isIdle = model === '' || isBusy;
  return (
    <div class="tools">
      <select
        aria-label="Another model"
        value={model}
        onChange={(event) => {
          wanted.value = event.currentTarget.value;
        }}
      >
        <option value="">another model…</option>
        {others.map((one) => (
          <option key={one.name} value={one.name}>
            {lastPart(one.name)}
          </option>
        ))}
      </select>
      <button
        type="button"
        disabled={isIdle}
        onClick={() => act(swapping(task, model), () => tasks.swapModel({ ...request(), model }))}
      >
        Swap…
      </button>
      <button
        type="button"
        disabled={isIdle}
        onClick={() =>
          act(shadowing(task, model), () => tasks.shadowModel({ ...request(), model }))
        }
      >
        Shadow…
      </button>
      {shadow && (
        <>
          <button
            type="button"
            disabled={isBusy}
            onClick={() => act(promoting(task), () => tasks.promoteShadow(request()))}
          >
            Promote the shadow…
          </button>
          <button
            type="button"
            disabled={isBusy}
            onClick={() => act(dropping(task), () => tasks.dropShadow(request()))}
          >
            Drop the shadow…
          </button>
        </>
      )}
      {(previous || update) && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => act(rollingBack(task), () => tasks.rollbackModel(request()))}
        >
          Roll back…
        </button>
      )}
      {fault.value && <span class="fault">The models cannot be read: {fault.value}</span>}
    </div>
  );
}
