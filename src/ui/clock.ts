import { signal } from '@preact/signals';

/** The present, in milliseconds since 1970; it moves once a second while the page is seen. */
export const now = signal(Date.now());

window.setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);
