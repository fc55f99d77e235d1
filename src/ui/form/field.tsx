import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { useId } from 'preact/hooks';
import { Prose } from '../components/prose.js';
import { commentOf, isRequired, labelOf } from './describe.js';
import type { Path } from './draft.js';
import { useSpot } from './form-state.js';
import { ChoiceInput, type InputIds, TextInput, ToggleInput } from './inputs.js';
import { ListInput } from './list-input.js';
import { MapInput } from './map-input.js';

interface FieldProps {
  readonly field: DescField;
  readonly path: Path;
}

/** A field that holds no message, with its label, its help and what is wrong with it. */
export function LeafField({ field, path }: FieldProps) {
  const id = useId();
  const { faults } = useSpot(path);
  const ids: InputIds = {
    input: id,
    describedBy: `${id}-help ${id}-fault`,
    isInvalid: faults.length > 0,
  };
  return (
    <div class={`field field-${field.fieldKind}`}>
      <label for={id}>
        {labelOf(field)}
        {isRequired(field) && <span class="required"> required</span>}
      </label>
      <div>
        <Input field={field} path={path} ids={ids} />
        <p class="fault" id={`${id}-fault`} aria-live="polite">
          {faults.map(({ field: where, description }) => (
            <span key={where + description}>{description} </span>
          ))}
        </p>
        <p class="help" id={`${id}-help`}>
          <Prose text={commentOf(field)} />
        </p>
      </div>
    </div>
  );
}

function Input({ field, path, ids }: FieldProps & { readonly ids: InputIds }) {
  switch (field.fieldKind) {
    case 'enum':
      return <ChoiceInput field={field} path={path} ids={ids} />;
    case 'list':
      return <ListInput path={path} ids={ids} />;
    case 'map':
      return <MapInput path={path} ids={ids} />;
    case 'scalar':
    case 'message':
      if (field.fieldKind === 'scalar' && field.scalar === ScalarType.BOOL) {
        return <ToggleInput field={field} path={path} ids={ids} />;
      }
      return <TextInput field={field} path={path} ids={ids} />;
  }
}
