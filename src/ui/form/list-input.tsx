import { asList, type Path } from './draft.js';
import { useSpot } from './form-state.js';
import type { InputIds } from './inputs.js';

interface ListInputProps {
  readonly path: Path;
  readonly ids: InputIds;
}

/** Texts, one a line; commas part them, too. */
export function ListInput({ path, ids }: ListInputProps) {
  const { value, set, touch } = useSpot(path);
  const items = asList(value).map(String);
  return (
    <textarea
      id={ids.input}
      aria-describedby={ids.describedBy}
      aria-invalid={ids.isInvalid}
      rows={Math.min(8, Math.max(1, items.length + 1))}
      placeholder="one a line"
      spellcheck={false}
      value={items.join('\n')}
      onBlur={(event) => {
        set(event.currentTarget.value.split(/[\n,]/).map(trimmed).filter(Boolean));
        touch();
      }}
      onInput={(event) => set(event.currentTarget.value.split('\n'))}
    />
  );
}

function trimmed(text: string): string {
  return text.trim();
}
