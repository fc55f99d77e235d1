import { type Event, Severity } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { StateMark } from '../components/state-mark.js';
import { instant, lastPart, moment, spoken } from '../words.js';

/** Events in a table, newest first. */
export function EventTable({ events }: { readonly events: readonly Event[] }) {
  return (
    <table class="plain">
      <thead>
        <tr>
          <th>When</th>
          <th>What</th>
          <th>State</th>
          <th class="wide">Why</th>
          <th>By</th>
        </tr>
      </thead>
      <tbody>
        {events.toReversed().map((event) => (
          <tr key={String(event.number)}>
            <td class="mono" title={instant(event.time)}>
              {moment(event.time)}
            </td>
            <td class={`tone-${severityTone(event.severity)}`}>{spoken(event.reason)}</td>
            <td>{event.toState !== 0 && <StateMark state={event.toState} />}</td>
            <td class="wide">{event.message}</td>
            <td>{lastPart(event.actor)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How grave something is, as a colour. */
export function severityTone(severity: Severity): string {
  if (severity === Severity.ERROR) return 'bad';
  return severity === Severity.WARNING ? 'warning' : 'off';
}
