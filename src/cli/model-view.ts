import { ModelSchema, type TensorInfo } from '../../gen/ts/predictd/v1/model_service_pb.js';
import type { View } from './output.js';
import { lastPart } from './resource-name.js';
import { age, instantAndAge } from './wording.js';

/** How people see a model. */
export const modelView: View<typeof ModelSchema> = {
  schema: ModelSchema,
  name: (model) => model.name,
  columns: (now) => [
    { title: 'NAME', text: ({ name }) => lastPart(name) },
    { title: 'SHA-256', text: ({ sha256 }) => sha256.slice(0, 12) },
    { title: 'BYTES', right: true, text: ({ sizeBytes }) => String(sizeBytes) },
    { title: 'AGE', right: true, text: ({ createTime }) => age(createTime, now) },
    { title: 'INPUTS', text: ({ inputs }) => inputs.map(tensor).join(', ') },
    { title: 'OUTPUTS', text: ({ outputs }) => outputs.map(tensor).join(', ') },
  ],
  pairs: (model, now) => [
    ['Name', model.name],
    ['SHA-256', model.sha256],
    ['Bytes', String(model.sizeBytes)],
    ['Uploaded', instantAndAge(model.createTime, now)],
    ...model.inputs.map((input) => ['Input', tensor(input)] as const),
    ...model.outputs.map((output) => ['Output', tensor(output)] as const),
  ],
};

function tensor({ name, type, shape }: TensorInfo): string {
  const sizes = shape.map((size) => (size < 0n ? '?' : String(size)));
  return `${name} ${type}[${sizes.join(',')}]`;
}
