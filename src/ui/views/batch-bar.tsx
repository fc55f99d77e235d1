import { useSignal } from '@preact/signals';
import { actOnAll, type Outcome, type Verb } from '../api/actions.js';
import { mayAct } from '../api/session.js';
import { announce } from '../components/notice.js';
import { lastPart } from '../words.js';

interface BatchBarProps {
  /** The tasks that are chosen. */
  readonly names: readonly string[];
  readonly onDone: () => void;
}

/** Starts or stops what is chosen in the list. */
export function BatchBar({ names, onDone }: BatchBarProps) {
  const busy = useSignal<Verb | undefined>(undefined);
  const act = async (verb: Verb) => {
    busy.value = verb;
    const outcome = await actOnAll(verb, names);
    busy.value = undefined;
    announce(report(verb, outcome), outcome.failed.length > 0);
    onDone();
  };
  return (
    <div class="batch" role="toolbar" aria-label="Chosen tasks">
      <span>{names.length} chosen</span>
      {(['start', 'stop'] as const).map((verb) => (
        <button
          key={verb}
          type="button"
          disabled={busy.value !== undefined || !mayAct()}
          onClick={() => act(verb)}
        >
          {busy.value === verb ? words[verb].doing : words[verb].title}
        </button>
      ))}
      <button type="button" class="quiet" onClick={onDone}>
        Clear
      </button>
    </div>
  );
}

const words = {
  start: { title: 'Start', doing: 'Starting…', done: 'started' },
  stop: { title: 'Stop', doing: 'Stopping…', done: 'stopped' },
} as const;

function report(verb: Verb, { done, failed }: Outcome): string {
  const did = `${done} ${words[verb].done}`;
  if (failed.length === 0) return `${did}.`;
  const why = failed.slice(0, 3).map(([name, text]) => `${lastPart(name)}: ${text}`);
  return `${did}, ${failed.length} not. ${why.join(' ')}`;
}
