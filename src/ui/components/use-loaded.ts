import { type Signal, useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { failureText } from '../api/failure.js';

/** Something that is read from the service when it is needed. */
export interface Loaded<T> {
  readonly value: Signal<T | undefined>;
  /** Why it could not be read; empty if it could. */
  readonly fault: Signal<string>;
  readonly isLoading: Signal<boolean>;
  reload(): void;
}

/** Reads once, and again when `key` changes or `reload` is called. What comes too late is dropped. */
export function useLoaded<T>(read: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const value = useSignal<T | undefined>(undefined);
  const fault = useSignal('');
  const isLoading = useSignal(true);
  const turn = useSignal(0);
  useEffect(() => {
    const leaving = new AbortController();
    isLoading.value = true;
    read(leaving.signal)
      .then((found) => {
        if (leaving.signal.aborted) return;
        value.value = found;
        fault.value = '';
      })
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) fault.value = failureText(error);
      })
      .finally(() => {
        if (!leaving.signal.aborted) isLoading.value = false;
      });
    return () => leaving.abort();
  }, [key, turn.value]);
  const reload = useCallback(() => {
    turn.value += 1;
  }, [turn]);
  return { value, fault, isLoading, reload };
}
