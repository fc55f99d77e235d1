import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Execution } from '../../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { newestExecutions } from '../api/pages.js';
import { now } from '../clock.js';
import { StateMark } from '../components/state-mark.js';
import { useLoaded } from '../components/use-loaded.js';
import { count, instant, lastPart, moment, span } from '../words.js';

/** The runs of a task, newest first. Read again whenever its state changes. */
export function Executions({ task }: { readonly task: Task }) {
  const { name, status } = task;
  const key = `${name} ${status?.execution} ${status?.state}`;
  const { value, fault } = useLoaded((signal) => newestExecutions(name, signal), key);
  if (fault.value) return <p class="fault">{fault.value}</p>;
  if (value.value?.length === 0) return <p class="nothing">It never ran.</p>;
  return (
    <table class="plain">
      <thead>
        <tr>
          <th class="number">Number</th>
          <th>State</th>
          <th>Asked for</th>
          <th>Ran</th>
          <th class="number">Read</th>
          <th class="number">Predicted</th>
          <th class="number">Bad</th>
          <th class="number">Restarts</th>
          <th>By</th>
          <th class="wide">Why</th>
        </tr>
      </thead>
      <tbody>
        {value.value?.map((execution) => (
          <ExecutionRow key={execution.name} execution={execution} />
        ))}
      </tbody>
    </table>
  );
}

function ExecutionRow({ execution }: { readonly execution: Execution }) {
  const { counters, restartCount } = execution;
  const bad = (counters?.recordsDeadLettered ?? 0n) + (counters?.recordsSkipped ?? 0n);
  return (
    <tr>
      <td class="number">{String(execution.number)}</td>
      <td>
        <StateMark state={execution.state} />
      </td>
      <td class="mono" title={instant(execution.createTime)}>
        {moment(execution.createTime)}
      </td>
      <td>{ran(execution)}</td>
      <td class="number">{count(counters?.recordsIn)}</td>
      <td class="number">{count(counters?.recordsOut)}</td>
      <td class={`number ${bad > 0n ? 'tone-bad' : ''}`}>{count(bad)}</td>
      <td class={`number ${restartCount > 0 ? 'tone-warning' : ''}`}>{restartCount}</td>
      <td>{lastPart(execution.actor)}</td>
      <td class="wide">{execution.message}</td>
    </tr>
  );
}

function ran({ startTime, endTime }: Execution): string {
  if (!startTime) return '–';
  return span((endTime ? timestampMs(endTime) : now.value) - timestampMs(startTime));
}
