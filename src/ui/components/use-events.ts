import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { failureText } from '../api/failure.js';
import { onEvent } from '../api/live-tasks.js';
import { allEvents } from '../api/pages.js';

/** The history of a task, oldest first and without gaps. */
export interface History {
  readonly events: Signal<readonly Event[]>;
  readonly fault: Signal<string>;
}

/** Reads the history of a task, and adds what happens from now on. */
export function useEvents(task: string): History {
  const events = useSignal<readonly Event[]>([]);
  const fault = useSignal('');
  useEffect(() => {
    const leaving = new AbortController();
    const byNumber = new Map<bigint, Event>();
    const add = (more: readonly Event[]) => {
      for (const event of more) byNumber.set(event.number, event);
      events.value = [...byNumber.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
    };
    // Listened to first: what happens while the history is read comes twice rather than never.
    const stop = onEvent((event) => {
      if (event.task === task) add([event]);
    });
    events.value = [];
    fault.value = '';
    allEvents(task, leaving.signal)
      .then((all) => {
        if (!leaving.signal.aborted) add(all);
      })
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) fault.value = failureText(error);
      });
    return () => {
      leaving.abort();
      stop();
    };
  }, [task, events, fault]);
  return { events, fault };
}
