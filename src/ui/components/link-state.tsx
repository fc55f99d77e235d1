import { heardAt, link, retryNow } from '../api/live-tasks.js';
import type { Link } from '../api/watch-loop.js';
import { now } from '../clock.js';
import { span } from '../words.js';

const words: Readonly<Record<Link['type'], string>> = {
  connecting: 'connecting',
  live: 'live',
  paused: 'paused',
  lost: 'not live',
};

/** Whether what is shown is how it is now. */
export function LinkBadge() {
  const { type } = link.value;
  return (
    <span role="status" class={`link link-${type}`}>
      {words[type]}
    </span>
  );
}

/** Says it loudly when what is shown is old. Only the cause is read out: the rest changes every second. */
export function LinkBanner() {
  const state = link.value;
  const isLost = state.type === 'lost';
  return (
    <div class={isLost ? 'banner' : 'banner-place'}>
      <span role="alert">
        {isLost && (
          <>
            <strong>Connection lost.</strong> {state.why}
          </>
        )}
      </span>
      {isLost && (
        <>
          <span class="grow">{staleness(state)}</span>
          <button type="button" onClick={retryNow}>
            Try now
          </button>
        </>
      )}
    </div>
  );
}

function staleness({ retryAt }: Link & { readonly type: 'lost' }): string {
  const old = heardAt.value === 0 ? '' : `What you see is ${span(now.value - heardAt.value)} old. `;
  const waitMs = retryAt - now.value;
  return `${old}${waitMs > 0 ? `Trying again in ${span(waitMs)}.` : 'Trying again…'}`;
}
