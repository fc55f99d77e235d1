import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** What just happened because of the user, and how it went. */
interface Notice {
  readonly text: string;
  readonly isBad: boolean;
}

const notice = signal<Notice | undefined>(undefined);
let timer: number | undefined;

const shownMs = 12_000;

/** Says something below the page, and to those who listen. What went wrong stays until it is dismissed. */
export function announce(text: string, isBad = false): void {
  notice.value = { text, isBad };
  window.clearTimeout(timer);
  if (!isBad) timer = window.setTimeout(dismiss, shownMs);
}

function dismiss(): void {
  notice.value = undefined;
}

/** Where notices appear. It is always there, since only changes of a live region are read out. */
export function NoticeBar() {
  const said = notice.value;
  // It was for whoever is signed out now.
  useEffect(() => dismiss, []);
  return (
    <div class="notices" role="status" aria-live="polite">
      {said && (
        <p class={said.isBad ? 'notice bad' : 'notice'}>
          {said.text}
          <button type="button" class="quiet" onClick={dismiss}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
