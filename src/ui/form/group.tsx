import type { DescField, DescMessage, DescOneof } from '@bufbuild/protobuf';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { useId } from 'preact/hooks';
import { Fold } from '../components/fold.js';
import { Prose } from '../components/prose.js';
import { commentOf, isRequired, isWritable, labelOf } from './describe.js';
import { asMessage, type Path } from './draft.js';
import { LeafField } from './field.js';
import { useSpot } from './form-state.js';

interface GroupProps {
  readonly field: DescField & { readonly fieldKind: 'message' };
  readonly path: Path;
}

/** A message within a message: open if it must be given, else behind its name. */
function Group({ field, path }: GroupProps) {
  const { faults, faultsBelow } = useSpot(path);
  const inside = (
    <>
      <p class="help">
        <Prose text={commentOf(field)} />
      </p>
      {faults.map(({ description }) => (
        <p key={description} class="fault">
          {description}
        </p>
      ))}
      <Members desc={field.message} path={path} />
    </>
  );
  if (isRequired(field) || field.oneof) {
    return (
      <fieldset>
        <legend>{labelOf(field)}</legend>
        {inside}
      </fieldset>
    );
  }
  return (
    <Fold summary={labelOf(field)} mustOpen={faultsBelow()}>
      {inside}
    </Fold>
  );
}

/** The fields of a message: what must be given, then the rest behind one line. */
export function Members({ desc, path }: { readonly desc: DescMessage; readonly path: Path }) {
  const members = desc.members.filter((one) => one.kind === 'oneof' || isWritable(one));
  const first = members.filter((one) => one.kind === 'oneof' || isRequired(one));
  const rest = members.filter((one) => !first.includes(one));
  const isFew = first.length === 0;
  return (
    <>
      {first.map((member) => (
        <Member key={member.name} member={member} path={path} />
      ))}
      {isFew
        ? rest.map((member) => <Member key={member.name} member={member} path={path} />)
        : rest.length > 0 && <Rest members={rest} path={path} />}
    </>
  );
}

function Rest({
  members,
  path,
}: {
  readonly members: DescMessage['members'];
  readonly path: Path;
}) {
  const { faultsBelow } = useSpot(path);
  const names = members.map((member) => labelOf(member).toLowerCase());
  return (
    <Fold
      summary={
        <>
          Optional: <small>{names.join(', ')}</small>
        </>
      }
      mustOpen={members.some(({ name }) => faultsBelow(name))}
    >
      {members.map((member) => (
        <Member key={member.name} member={member} path={path} />
      ))}
    </Fold>
  );
}

/** A field of a message, made of what its descriptor says. */
function Field({ field, path }: { readonly field: DescField; readonly path: Path }) {
  if (field.fieldKind === 'message' && field.message.typeName !== DurationSchema.typeName) {
    return <Group field={field} path={path} />;
  }
  return <LeafField field={field} path={path} />;
}

function Member({ member, path }: { readonly member: DescField | DescOneof; readonly path: Path }) {
  if (member.kind === 'oneof') return <OneOf oneof={member} path={path} />;
  return <Field field={member} path={[...path, member.name]} />;
}

/** One of several kinds, and the fields of that one. */
function OneOf({ oneof, path }: { readonly oneof: DescOneof; readonly path: Path }) {
  const id = useId();
  const { value, set } = useSpot(path);
  const message = asMessage(value);
  const chosen = oneof.fields.find(({ name }) => message[name] !== undefined);
  return (
    <>
      <div class="field">
        <label for={id}>{labelOf(oneof)}</label>
        <select
          id={id}
          value={chosen?.name ?? ''}
          onChange={({ currentTarget: { value: name } }) => {
            const others = oneof.fields.map((field) => [field.name, undefined] as const);
            set({ ...message, ...Object.fromEntries(others), ...(name ? { [name]: {} } : {}) });
          }}
        >
          <option value="">choose…</option>
          {oneof.fields.map((field) => (
            <option key={field.name} value={field.name}>
              {labelOf(field)}
            </option>
          ))}
        </select>
      </div>
      {chosen && <Field field={chosen} path={[...path, chosen.name]} />}
    </>
  );
}
