import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

interface FoldProps {
  readonly summary: ComponentChildren;
  /** There is something in it that has to be seen: it opens, and stays open until the user closes it. */
  readonly mustOpen: boolean;
  readonly children: ComponentChildren;
}

/** What not everybody needs, behind a line. */
export function Fold({ summary, mustOpen, children }: FoldProps) {
  const isOpen = useSignal(mustOpen);
  useEffect(() => {
    if (mustOpen) isOpen.value = true;
  }, [mustOpen, isOpen]);
  return (
    <details
      open={isOpen.value}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
