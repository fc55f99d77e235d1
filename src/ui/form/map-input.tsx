import { asList, asMessage, type Draft, type Path } from './draft.js';
import { useSpot } from './form-state.js';
import type { InputIds } from './inputs.js';

interface MapInputProps {
  readonly path: Path;
  readonly ids: InputIds;
}

/** Entries with a key and a value. */
export function MapInput({ path, ids }: MapInputProps) {
  const { value, set, touch } = useSpot(path);
  const entries = asList(value).map(asMessage);
  const change = (place: number, part: 'key' | 'value', text: string) =>
    set(entries.map((entry, at) => (at === place ? { ...entry, [part]: text } : entry)));
  const textOf = (draft: Draft | undefined) => (typeof draft === 'string' ? draft : '');
  return (
    <div class="entries">
      {entries.map((entry, place) => (
        <div key={place} class="entry">
          {(['key', 'value'] as const).map((part) => (
            <input
              key={part}
              id={place === 0 && part === 'key' ? ids.input : undefined}
              aria-label={`${part} ${place + 1}`}
              aria-describedby={ids.describedBy}
              placeholder={part}
              value={textOf(entry[part])}
              onBlur={touch}
              onInput={(event) => change(place, part, event.currentTarget.value)}
            />
          ))}
          <button
            type="button"
            class="quiet"
            onClick={() => set(entries.filter((_, at) => at !== place))}
          >
            Remove
          </button>
        </div>
      ))}
      <button
        type="button"
        id={entries.length === 0 ? ids.input : undefined}
        onClick={() => set([...entries, { key: '', value: '' }])}
      >
        Add an entry
      </button>
    </div>
  );
}
