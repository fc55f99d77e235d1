import { type DescEnum, type DescField, getOption, hasOption } from '@bufbuild/protobuf';
import { comments } from 'contract-comments';
import { FieldBehavior, field_behavior } from '../../../gen/ts/google/api/field_behavior_pb.js';
import { spoken } from '../words.js';

/** What the contract says about a field; empty if it says nothing. */
export function commentOf(field: DescField): string {
  return comments[`${field.parent.typeName}.${field.name}`] ?? '';
}

/** A field's name as people write it: `max_records` is `Max records`. */
export function labelOf({ name }: { readonly name: string }): string {
  const words = name
    .replaceAll('_', ' ')
    .replace(/\b(sasl|tls|url|ca)\b/g, (it) => it.toUpperCase());
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

/** Whether users may write the field. */
export function isWritable(field: DescField): boolean {
  const behaviors = behaviorsOf(field);
  return !behaviors.some((one) => readOnly.has(one)) && field.name !== 'etag';
}

/** Whether it must be given. */
export function isRequired(field: DescField): boolean {
  return behaviorsOf(field).includes(FieldBehavior.REQUIRED);
}

/** Whether it is never shown again. */
export function isSecret(field: DescField): boolean {
  return behaviorsOf(field).includes(FieldBehavior.INPUT_ONLY);
}

/** Whether it holds many lines. */
export function isLong(field: DescField): boolean {
  return /PEM text/.test(commentOf(field));
}

/** The values of an enum that can be chosen; the first is what holds without a choice. */
export function choicesOf(
  desc: DescEnum,
): readonly { readonly name: string; readonly text: string }[] {
  return desc.values.map(({ name, localName, number }) => {
    const comment = comments[`${desc.typeName}.${name}`] ?? '';
    if (number !== 0) return { name, text: spoken(localName) };
    return { name: '', text: `default: ${spoken(comment.replace(/\.$/, ''))}` };
  });
}

const readOnly: ReadonlySet<FieldBehavior> = new Set([
  FieldBehavior.OUTPUT_ONLY,
  FieldBehavior.IDENTIFIER,
]);

function behaviorsOf(field: DescField): readonly FieldBehavior[] {
  return hasOption(field, field_behavior) ? getOption(field, field_behavior) : [];
}
