import { TargetSchema } from '../../gen/ts/predictd/v1/target_service_pb.js';
import type { View } from './output.js';
import { lastPart } from './resource-name.js';
import { age, instantAndAge } from './wording.js';

/** How people see a target. */
export const targetView: View<typeof TargetSchema> = {
  schema: TargetSchema,
  name: (target) => target.name,
  columns: (now) => [
    { title: 'NAME', text: ({ name }) => lastPart(name) },
    { title: 'ID', text: ({ id }) => id },
    { title: 'OWNER', text: ({ owner }) => lastPart(owner) },
    { title: 'SOURCE', text: ({ spec }) => spec?.source?.topic ?? '' },
    { title: 'SINK', text: ({ spec }) => spec?.sink?.topic ?? '' },
    { title: 'AGE', right: true, text: ({ createTime }) => age(createTime, now) },
  ],
  pairs: ({ name, id, owner, displayName, spec, createTime }, now) => [
    ['Name', name],
    ['Id', id],
    ['Owner', owner],
    ['Display name', displayName],
    ['Source', spec?.source?.topic ?? ''],
    ['Sink', spec?.sink?.topic ?? ''],
    ['Model', modelOf(spec)],
    ['Made', instantAndAge(createTime, now)],
  ],
};

function modelOf(spec: Parameters<(typeof targetView)['name']>[0]['spec']): string {
  const kind = spec?.predictor?.kind;
  return kind?.case === 'onnx' ? kind.value.model : '';
}
