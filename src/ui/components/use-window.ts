import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Which rows of a long list are near what is seen. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Rows beyond the edges, so that the tab key finds the next one. */
const overscan = 12;

/** The rows of `count` equally high ones that have to be there while `scroller` is scrolled as it is. */
export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowWindow {
  const [seen, setSeen] = useState({ first: 0, rows: 40 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () => {
      const first = Math.floor(element.scrollTop / rowHeight);
      const rows = Math.ceil(element.clientHeight / rowHeight);
      setSeen((before) =>
        before.first === first && before.rows === rows ? before : { first, rows },
      );
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      resized.disconnect();
    };
  }, [scroller, rowHeight]);
  const from = Math.max(0, Math.min(seen.first, count - 1) - overscan);
  return { from, to: Math.min(count, seen.first + seen.rows + overscan) };
}
