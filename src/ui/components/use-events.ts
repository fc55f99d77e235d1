import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { failureText } from '../api/failure.js';
import { onEvent, snapshots } from '../api/live-tasks.js';
import { allEvents } from '../api/pages.js';

/** The history of a task, oldest first and without gaps. */
export interface History {
  readonly events: Signal<readonly Event[]>;
  readonly fault: Signal<string>;
}

/** As many as the service keeps of a task. */
const eventsMax = 10_000;

/** Reads the history of a task, again after each snapshot, and adds what happens from now on. */
export function useEvents(task: string): History {
  const events = useSignal<readonly Event[]>([]);
  const fault = useSignal('');
  const snapshot = snapshots.value;
  useEffect(() => {
    const leaving = new AbortController();
    const add = (more: readonly Event[]) => {
      const all = [...events.peek(), ...more].filter((event) => event.task === task);
      const byNumber = new Map(all.map((event) => [event.number, event]));
      const sorted = [...byNumber.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
      events.value = sorted.slice(-eventsMax);
    };
    // Listened to first: what happens while the history is read comes twice rather than never.
    const stop = onEvent((event) => {
      if (event.task === task) add([event]);
    });
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
  }, [task, snapshot, events, fault]);
  return { events, fault };
}
