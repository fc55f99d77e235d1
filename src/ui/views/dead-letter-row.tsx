import { toJsonString } from '@bufbuild/protobuf';
import { ValueSchema } from '@bufbuild/protobuf/wkt';
import { useSignal } from '@preact/signals';
import type { DeadLetter } from '../../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { bytes, count, instant, lastPart, moment, spoken } from '../words.js';

interface DeadLetterRowProps {
  readonly letter: DeadLetter;
  readonly isChosen: boolean;
  readonly onChoose: (name: string, isChosen: boolean) => void;
}

const previewChars = 120;
/** What a page can show without becoming slow. */
const wholeChars = 100_000;

/** One record that could not be scored; its value opens on request. */
export function DeadLetterRow({ letter, isChosen, onChoose }: DeadLetterRowProps) {
  const isOpen = useSignal(false);
  const text = textOf(letter);
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Choose ${lastPart(letter.name)}`}
          checked={isChosen}
          disabled={letter.replayed}
          onChange={(event) => onChoose(letter.name, event.currentTarget.checked)}
        />
      </td>
      <td class="mono" title={instant(letter.time)}>
        {moment(letter.time)}
      </td>
      <td class="mono">{letter.sourceTopic}</td>
      <td class="number">{letter.sourcePartition}</td>
      <td class="number">{count(letter.sourceOffset)}</td>
      <td class="cause">
        <b>{spoken(letter.reason)}</b> {letter.message}
        {letter.replayed && <span class="label">replayed</span>}
      </td>
      <td class="wide">
        {isOpen.value ? (
          <>
            <Headers letter={letter} />
            <pre>{text.slice(0, wholeChars)}</pre>
            {text.length > wholeChars && (
              <small>Only its first {count(wholeChars)} characters are shown.</small>
            )}
          </>
        ) : (
          <code>{text.slice(0, previewChars)}</code>
        )}{' '}
        <button
          type="button"
          class="quiet"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          {isOpen.value ? 'Less' : `All (${bytes(letter.valueSizeBytes)})`}
        </button>
      </td>
    </tr>
  );
}

function Headers({ letter: { key, headers } }: { readonly letter: DeadLetter }) {
  if (key === undefined && headers.length === 0) return null;
  return (
    <dl class="headers">
      {key !== undefined && (
        <>
          <dt>key</dt>
          <dd>{decode(key)}</dd>
        </>
      )}
      {headers.map(({ name, value }, place) => (
        <div key={place}>
          <dt>{name}</dt>
          <dd>{value === undefined ? 'null' : decode(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf({ json, value }: DeadLetter): string {
  if (json !== undefined) return toJsonString(ValueSchema, json, { prettySpaces: 2 });
  return value === undefined ? 'null' : decode(value);
}

function decode(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}
