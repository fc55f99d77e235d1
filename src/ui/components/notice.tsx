import { signal } from '@preact/signals';

/** What just happened because of the user, and how it went. */
interface Notice {
  readonly text: string;
  readonly isBad: boolean;
}

const notice = signal<Notice | undefined>(undefined);
let timer: number | undefined;

const shownMs = 12_000;

/** Says something below the page, and to those who listen. */
export function announce(text: string, isBad = false): void {
  notice.value = { text, isBad };
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    notice.value = undefined;
  }, shownMs);
}

/** Where notices appear. It is always there, since only changes of a live region are read out. */
export function NoticeBar() {
  const said = notice.value;
  return (
    <div class="notices" role="status" aria-live="polite">
      {said && (
        <p class={said.isBad ? 'notice bad' : 'notice'}>
          {said.text}
          <button
            type="button"
            class="quiet"
            onClick={() => {
              notice.value = undefined;
            }}
          >
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
