import { type Event, Severity } from '../../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { newestDeadLetters } from '../api/dead-letters.js';
import { useLoaded } from '../components/use-loaded.js';
import { taskHref } from '../router.js';
import { count, spoken } from '../words.js';
import { EventTable } from './event-table.js';

interface LastErrorsProps {
  readonly task: Task;
  readonly events: readonly Event[];
}

const shownMax = 5;

/** What went wrong last: of the task, and of single records with the place that they came from. */
export function LastErrors({ task, events }: LastErrorsProps) {
  const grave = events.filter(({ severity }) => severity >= Severity.WARNING).slice(-shownMax);
  const dead = task.status?.counters?.recordsDeadLettered ?? 0n;
  return (
    <section>
      <h2>Last errors</h2>
      {grave.length > 0 && <EventTable events={grave} />}
      {dead > 0n && <BadRecords name={task.name} dead={dead} />}
    </section>
  );
}

function BadRecords({ name, dead }: { readonly name: string; readonly dead: bigint }) {
  const { value, fault } = useLoaded((signal) => newestDeadLetters(name, shownMax, signal), name);
  return (
    <>
      {fault.value && <p class="fault">The bad records cannot be read: {fault.value}</p>}
      {value.value && (
        <table class="plain">
          <thead>
            <tr>
              <th>Topic</th>
              <th class="number">Partition</th>
              <th class="number">Offset</th>
              <th class="wide">Why</th>
            </tr>
          </thead>
          <tbody>
            {value.value.letters.map((letter) => (
              <tr key={letter.name}>
                <td class="mono">{letter.sourceTopic}</td>
                <td class="number">{letter.sourcePartition}</td>
                <td class="number">{count(letter.sourceOffset)}</td>
                <td class="wide">
                  <b>{spoken(letter.reason)}</b> {letter.message}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value.value?.hasMore && (
        <p>These are of the first thousand; newer ones are not read here.</p>
      )}
      <a href={taskHref(name, 'dead-letters')}>All {count(dead)} dead letters</a>
    </>
  );
}
