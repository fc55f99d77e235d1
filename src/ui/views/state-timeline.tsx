import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { now } from '../clock.js';
import { span, stateTone, stateWord } from '../words.js';

/** How long a task was in a state. */
interface Stay {
  /** Of the event that began it: two may have the same time. */
  readonly number: bigint;
  readonly state: State;
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** More would be thinner than a line. */
const staysMax = 120;

/** The states of a task over time, as a band. The list of events says the same in words. */
export function StateTimeline({ events }: { readonly events: readonly Event[] }) {
  const stays = staysOf(events, now.value);
  const first = stays[0];
  if (!first) return <p>No state was noted yet.</p>;
  const whole = Math.max(1, now.value - first.from);
  return (
    <div class="timeline">
      <div class="band" role="img" aria-label={`States of the last ${span(whole)}`}>
        {stays.map(({ number, state, from, to, why }) => (
          <span
            key={String(number)}
            class={`stay fill-${stateTone(state)}`}
            style={{ flexGrow: Math.max(0.004, (to - from) / whole) }}
            title={`${stateWord(state)} for ${span(to - from)}: ${why}`}
          />
        ))}
      </div>
      <div class="ends">
        <small>{span(whole)} ago</small>
        <small>now</small>
      </div>
    </div>
  );
}

function staysOf(events: readonly Event[], end: number): readonly Stay[] {
  const changes = events
    .filter(({ toState, time }) => toState !== State.UNSPECIFIED && time !== undefined)
    .slice(-staysMax);
  return changes.map(({ number, toState, time, message }, index) => {
    const from = time ? timestampMs(time) : 0;
    const next = changes[index + 1]?.time;
    return {
      number,
      state: toState,
      from,
      to: next ? timestampMs(next) : Math.max(from, end),
      why: message,
    };
  });
}
