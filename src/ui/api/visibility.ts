/** What is done when nobody has looked at the page for a while, and when somebody looks again. */
export interface Attention {
  rest(): void;
  wake(): void;
}

/** A tab in the background gives its connections up after this: browsers have six for each host over HTTP/1.1. */
const hiddenMs = 20_000;

/** Heeds whether anybody looks, until what it answers is called. `wake` is also called if `rest` was not yet. */
export function heedAttention({ rest, wake }: Attention): () => void {
  let timer: number | undefined;
  const onVisibility = () => {
    window.clearTimeout(timer);
    if (document.hidden) timer = window.setTimeout(rest, hiddenMs);
    else wake();
  };
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
