import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { count } from '../words.js';

/** How far each partition of the source is. */
export function Partitions({ task: { status } }: { readonly task: Task }) {
  const partitions = status?.partitions ?? [];
  return (
    <section>
      <h2>Partitions</h2>
      {partitions.length === 0 && <p>Not known yet.</p>}
      {partitions.length > 0 && (
        <table class="plain">
          <thead>
            <tr>
              <th class="number">Partition</th>
              <th class="number">Next offset</th>
              <th class="number">End offset</th>
              <th class="number">Lag</th>
            </tr>
          </thead>
          <tbody>
            {partitions.map(({ partition, offset, endOffset, lag }) => (
              <tr key={partition}>
                <td class="number">{partition}</td>
                <td class="number">{count(offset)}</td>
                <td class="number">{count(endOffset)}</td>
                <td class="number">{count(lag)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
