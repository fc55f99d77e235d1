import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Model } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { models } from '../api/clients.js';
import { allModels } from '../api/pages.js';
import { mayAct, session } from '../api/session.js';
import type { Question } from '../components/ask.js';
import { useDeeds } from '../components/use-deed.js';
import { useLoaded } from '../components/use-loaded.js';
import { bytes, instant, lastPart, moment } from '../words.js';
import { Signature } from './signature.js';
import { TryModel } from './try-model.js';
import { UploadModel } from './upload-model.js';

/** The models of the user: upload, look at, try. */
export function Models() {
  const user = session.value?.user ?? '';
  const { value, fault, reload } = useLoaded((signal) => allModels(user, signal), user);
  useEffect(() => {
    document.title = 'Models · predictd';
  }, []);
  return (
    <div class="sheet">
      <h1>Models</h1>
      {mayAct() && <UploadModel user={user} onDone={reload} />}
      {fault.value && <p class="fault">{fault.value}</p>}
      {value.value?.length === 0 && <p class="nothing">There is none yet.</p>}
      {value.value?.map((model) => (
        <ModelCard key={model.uid} model={model} onGone={reload} />
      ))}
    </div>
  );
}

function ModelCard({ model, onGone }: { readonly model: Model; readonly onGone: () => void }) {
  const isOpen = useSignal(false);
  const id = lastPart(model.name);
  const { doing, run } = useDeeds();
  const remove = async () => {
    await models.deleteModel({ name: model.name });
    onGone();
    return `The model ${id} was deleted.`;
  };
  return (
    <section class="card" aria-label={id}>
      <div class="title">
        <h2>{id}</h2>
        <small>
          {bytes(model.sizeBytes)} ·{' '}
          <span title={instant(model.createTime)}>{moment(model.createTime)}</span> · SHA-256{' '}
          <code>{model.sha256.slice(0, 16)}…</code>
        </small>
        <span class="grow" />
        {mayAct() && (
          <>
            <button
              type="button"
              aria-expanded={isOpen.value}
              onClick={() => {
                isOpen.value = !isOpen.value;
              }}
            >
              Try a row
            </button>
            <button
              type="button"
              class="danger"
              disabled={doing.value !== ''}
              onClick={() => run(deleting(id), remove)}
            >
              Delete…
            </button>
          </>
        )}
      </div>
      <Signature model={model} />
      {isOpen.value && <TryModel model={model} />}
    </section>
  );
}

function deleting(id: string): Question {
  return {
    title: `Delete the model ${id}?`,
    text: <p>Its file is gone for good. It is refused while a task uses it.</p>,
    action: 'Delete',
    isDanger: true,
  };
}
