import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Model, TensorInfo } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { models } from '../api/clients.js';
import { failureText } from '../api/failure.js';

/** Scores a row that is typed in, in the form that a record would have. */
export function TryModel({ model }: { readonly model: Model }) {
  const id = useId();
  const text = useSignal(JSON.stringify(exampleOf(model)));
  const answer = useSignal('');
  const fault = useSignal('');
  const isBusy = useSignal(false);
  const predict = async () => {
    isBusy.value = true;
    answer.value = '';
    fault.value = '';
    try {
      const { predictions } = await models.predict({ name: model.name, rows: [rowOf(text.value)] });
      answer.value = JSON.stringify(predictions[0], null, 2);
    } catch (error) {
      fault.value =
        error instanceof SyntaxError ? `This is no JSON: ${error.message}` : failureText(error);
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form
      class="try"
      onSubmit={(event) => {
        event.preventDefault();
        void predict();
      }}
    >
      <label for={id}>Row</label>
      <textarea
        id={id}
        class="mono"
        rows={3}
        spellcheck={false}
        aria-describedby={`${id}-fault`}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
      />
      <button type="submit" class="primary" disabled={isBusy.value}>
        {isBusy.value ? 'Predicting…' : 'Predict'}
      </button>
      <p class="fault" id={`${id}-fault`} role="alert">
        {fault.value}
      </p>
      <div aria-live="polite">{answer.value && <pre>{answer.value}</pre>}</div>
    </form>
  );
}

function rowOf(text: string): JsonObject {
  const row: unknown = JSON.parse(text);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new SyntaxError('a row is an object, such as {"features": [1, 2]}');
  }
  return row as JsonObject;
}

/** A row of zeros that fits. */
function exampleOf({ inputs }: Model): JsonObject {
  const [only] = inputs;
  if (inputs.length === 1 && only) return { features: Array(columnsOf(only)).fill(zeroOf(only)) };
  return Object.fromEntries(inputs.map((input) => [input.name, zeroOf(input)]));
}

function columnsOf({ shape }: TensorInfo): number {
  return Math.min(1_000, Math.max(1, Number(shape.at(-1) ?? 1n)));
}

function zeroOf({ type }: TensorInfo): JsonValue {
  return type === 'string' ? '' : 0;
}
