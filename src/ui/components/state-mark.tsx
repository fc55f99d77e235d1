import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { stateTone, stateWord } from '../words.js';

/** A state in a shape, a colour and a word: whoever cannot tell colours apart has the other two. */
export function StateMark({ state }: { readonly state: State }) {
  return (
    <span class={`state tone-${stateTone(state)}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" focusable="false">
        {shapeOf(state)}
      </svg>
      {stateWord(state)}
    </span>
  );
}

function shapeOf(state: State) {
  switch (state) {
    case State.RUNNING:
      return <path d="M3 1.5 14 8 3 14.5z" />;
    case State.STARTING:
      return <path d="M3 1.5 14 8 3 14.5z" class="hollow" />;
    case State.QUEUED:
      return <path d="M3 2h10L8 8l5 6H3l5-6z" />;
    case State.DEGRADED:
      return <path d="M8 1 15.5 15H.5zM7 6v4h2V6zm0 5v2h2v-2z" fill-rule="evenodd" />;
    case State.RESTARTING:
      return <path d="M8 2.5A5.5 5.5 0 1 0 13.5 8M8 0v5l4-2.5z" class="turn" />;
    case State.STOPPING:
      return <rect x="3" y="3" width="10" height="10" class="hollow" />;
    case State.COMPLETED:
      return <path d="m2 8.5 4 4 8-9" class="stroke" />;
    case State.COMPLETED_WITH_WARNINGS:
      return <path d="m1 8.5 4 4 6-8M14 4v5m0 2.2v2" class="stroke" />;
    case State.CANCELLED:
      return <rect x="3" y="3" width="10" height="10" />;
    case State.FAILED:
      return (
        <path
          d="M5 .5h6L15.5 5v6L11 15.5H5L.5 11V5zM5 4 4 5l3 3-3 3 1 1 3-3 3 3 1-1-3-3 3-3-1-1-3 3z"
          fill-rule="evenodd"
        />
      );
    case State.UNKNOWN:
      return <path d="M5 5.5C5 2 11 2 11 5.5 11 8 8 7.5 8 10m0 2v2" class="stroke" />;
    default:
      return <circle cx="8" cy="8" r="5.5" class="hollow" />;
  }
}
