import { ConditionStatus, type Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { now } from '../clock.js';
import { age, spoken } from '../words.js';

/** What is true of the task, each on its own. */
export function Conditions({ task: { status } }: { readonly task: Task }) {
  const conditions = status?.conditions ?? [];
  return (
    <section>
      <h2>Conditions</h2>
      {conditions.length === 0 && <p>None: nothing runs.</p>}
      <table class="plain">
        <tbody>
          {conditions.map(({ type, status: holds, reason, message, lastTransitionTime }) => (
            <tr key={type}>
              <th scope="row">
                {type.replace(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)}
              </th>
              <td>
                <Holds status={holds} />
              </td>
              <td class="wide">
                {message || spoken(reason)} <small>for {age(lastTransitionTime, now.value)}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Holds({ status }: { readonly status: ConditionStatus }) {
  if (status === ConditionStatus.TRUE) return <span class="tone-good">✓ yes</span>;
  if (status === ConditionStatus.FALSE) return <b class="tone-bad">✗ no</b>;
  return <span class="tone-warning">? unknown</span>;
}
