import type { Model, TensorInfo } from '../../../gen/ts/predictd/v1/model_service_pb.js';

/** What a model takes and what it gives. */
export function Signature({ model: { inputs, outputs } }: { readonly model: Model }) {
  return (
    <div class="pair">
      <Tensors title="Takes" tensors={inputs} />
      <Tensors title="Gives" tensors={outputs} />
    </div>
  );
}

interface TensorsProps {
  readonly title: string;
  readonly tensors: readonly TensorInfo[];
}

function Tensors({ title, tensors }: TensorsProps) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th class="wide">{title}</th>
          <th>Type</th>
          <th>Shape</th>
        </tr>
      </thead>
      <tbody>
        {tensors.map(({ name, type, shape }) => (
          <tr key={name}>
            <td class="mono wide">{name}</td>
            <td class="mono">{type}</td>
            <td class="mono">
              [{shape.map((size) => (size < 0n ? 'N' : String(size))).join(', ')}]
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
