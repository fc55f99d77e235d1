import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { useContext } from 'preact/hooks';
import { choicesOf, isLong, isRequired, isSecret } from './describe.js';
import type { Path } from './draft.js';
import { FormContext, useSpot } from './form-state.js';

/** How an input is tied to its label, its help and its faults. */
export interface InputIds {
  readonly input: string;
  readonly describedBy: string;
  readonly isInvalid: boolean;
}

interface InputProps<Field extends DescField = DescField> {
  readonly field: Field;
  readonly path: Path;
  readonly ids: InputIds;
}

const whole: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT32,
  ScalarType.INT64,
  ScalarType.UINT32,
  ScalarType.UINT64,
]);

/** Texts, numbers, durations and secrets. */
export function TextInput({ field, path, ids }: InputProps) {
  const { value, set, touch } = useSpot(path);
  const suggestions = useContext(FormContext).suggestions.value.get(fullName(field));
  const common = {
    id: ids.input,
    'aria-describedby': ids.describedBy,
    'aria-invalid': ids.isInvalid,
    required: isRequired(field),
    value: typeof value === 'string' ? value : '',
    onBlur: touch,
    spellcheck: false,
  };
  if (isLong(field)) {
    return <textarea {...common} rows={4} onInput={(event) => set(event.currentTarget.value)} />;
  }
  if (suggestions) {
    const list = `${ids.input}-list`;
    return (
      <>
        <input {...common} list={list} onInput={(event) => set(event.currentTarget.value)} />
        <datalist id={list}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      </>
    );
  }
  const onInput = (event: { readonly currentTarget: HTMLInputElement }) =>
    set(event.currentTarget.value);
  if (isSecret(field)) {
    return <input {...common} type="password" autoComplete="new-password" onInput={onInput} />;
  }
  if (field.fieldKind === 'scalar' && whole.has(field.scalar)) {
    return <input {...common} type="number" onInput={onInput} />;
  }
  const placeholder = field.fieldKind === 'message' ? '0.05s' : '';
  return <input {...common} placeholder={placeholder} autoComplete="off" onInput={onInput} />;
}

/** One of the values of an enum. */
export function ChoiceInput({ field, path, ids }: InputProps<DescField & { fieldKind: 'enum' }>) {
  const { value, set, touch } = useSpot(path);
  return (
    <select
      id={ids.input}
      aria-describedby={ids.describedBy}
      aria-invalid={ids.isInvalid}
      value={typeof value === 'string' ? value : ''}
      onBlur={touch}
      onChange={(event) => set(event.currentTarget.value)}
    >
      {choicesOf(field.enum).map(({ name, text }) => (
        <option key={name} value={name}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** Yes or no. */
export function ToggleInput({ path, ids }: InputProps) {
  const { value, set } = useSpot(path);
  return (
    <input
      id={ids.input}
      type="checkbox"
      aria-describedby={ids.describedBy}
      checked={value === true}
      onChange={(event) => set(event.currentTarget.checked || undefined)}
    />
  );
}

function fullName({ parent, name }: DescField): string {
  return `${(parent as DescMessage).typeName}.${name}`;
}
