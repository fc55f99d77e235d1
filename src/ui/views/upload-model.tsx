import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { session } from '../api/session.js';
import { type Upload, uploadModel } from '../api/upload.js';
import { announce } from '../components/notice.js';
import { bytes } from '../words.js';

interface UploadModelProps {
  readonly user: string;
  readonly onDone: () => void;
}

/** Uploads a model and shows how far it is. */
export function UploadModel({ user, onDone }: UploadModelProps) {
  const file = useSignal<File | undefined>(undefined);
  const id = useSignal('');
  const sent = useSignal(0);
  const fault = useSignal('');
  const upload = useSignal<Upload | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const isHere = useRef(true);
  useEffect(
    () => () => {
      isHere.current = false;
    },
    [],
  );
  const send = async () => {
    // The enter key asks again while it runs.
    if (upload.value) return;
    if (!file.value) {
      fault.value = 'Choose an ONNX file.';
      input.current?.focus();
      return;
    }
    fault.value = '';
    sent.value = 0;
    upload.value = uploadModel({ user, id: id.value, file: file.value }, (done) => {
      sent.value = done;
    });
    const why = await upload.value.ended;
    upload.value = undefined;
    fault.value = why;
    if (why === '') {
      announce(`The model ${id.value} was uploaded.`);
      onDone();
    } else if (!isHere.current && session.value) {
      announce(`The model ${id.value} was not uploaded. ${why}`, true);
    }
  };
  const size = file.value?.size ?? 0;
  return (
    <form
      class="card upload"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        ONNX file{' '}
        <input
          ref={input}
          type="file"
          accept=".onnx,application/octet-stream"
          disabled={upload.value !== undefined}
          onChange={({ currentTarget: { files } }) => {
            const chosen = files?.[0];
            file.value = chosen;
            if (chosen && id.value === '') id.value = idFrom(chosen.name);
          }}
        />
      </label>
      <label>
        Name{' '}
        <input
          value={id.value}
          readOnly={upload.value !== undefined}
          spellcheck={false}
          onInput={(event) => {
            id.value = event.currentTarget.value;
          }}
        />
      </label>
      {upload.value ? (
        <>
          <progress max={Math.max(1, size)} value={sent.value} aria-label="Upload" />
          <span>
            {sent.value < size
              ? `${bytes(sent.value)} of ${bytes(size)}`
              : 'The service tries it out…'}
          </span>
          <button type="button" onClick={() => upload.value?.cancel()}>
            Cancel
          </button>
        </>
      ) : (
        <button type="submit" class="primary">
          Upload
        </button>
      )}
      <p class="fault" role="alert">
        {fault.value}
      </p>
    </form>
  );
}

/** A name for a file's model, of characters that names may have. */
function idFrom(fileName: string): string {
  return fileName
    .replace(/\.onnx$/i, '')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^a-z0-9]+/i, '');
}
