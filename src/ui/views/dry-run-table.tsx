import { useEffect, useRef } from 'preact/hooks';
import type { DryRunRecord } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { count } from '../words.js';

/** What a dry run read and what would be written for it. Nothing was. */
export function DryRunTable({ records }: { readonly records: readonly DryRunRecord[] }) {
  const place = useRef<HTMLElement>(null);
  // New records are brought into view.
  useEffect(() => place.current?.scrollIntoView({ block: 'start' }), [records]);
  if (records.length === 0)
    return <p class="nothing">The topic has no record yet. Nothing was tried.</p>;
  const bad = records.filter(({ error }) => error !== '').length;
  return (
    <section ref={place}>
      <h2>
        Dry run: {records.length - bad} of {records.length} would be predicted
      </h2>
      <table class="plain dry-run">
        <thead>
          <tr>
            <th class="number">Partition</th>
            <th class="number">Offset</th>
            <th>Key</th>
            <th>Input</th>
            <th>Would be written</th>
          </tr>
        </thead>
        <tbody>
          {records.map(({ partition, offset, key, input, output, error }) => (
            <tr key={`${partition}-${offset}`}>
              <td class="number">{partition}</td>
              <td class="number">{count(offset)}</td>
              <td class="mono">{key}</td>
              <td class="cause">
                <code>{input}</code>
              </td>
              <td class="cause">
                {error === '' ? (
                  <code>{JSON.stringify(output)}</code>
                ) : (
                  <span class="tone-bad">Nothing: {error}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
