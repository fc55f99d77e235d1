import { useSignal } from '@preact/signals';
import type { DeadLetter } from '../../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { type Done, purge, readDeadLetters, replay } from '../api/dead-letters.js';
import { mayAct } from '../api/session.js';
import type { Question } from '../components/ask.js';
import { useDeeds } from '../components/use-deed.js';
import { useLoaded } from '../components/use-loaded.js';
import { count } from '../words.js';
import { DeadLetterRow } from './dead-letter-row.js';

/** Records that could not be scored: to look at, to write back, to delete. */
export function DeadLetters({ task }: { readonly task: Task }) {
  const { name } = task;
  const token = useSignal('');
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const { doing, run } = useDeeds();
  const page = useLoaded(
    (signal) => readDeadLetters(name, token.value, signal),
    `${name} ${token.value}`,
  );
  const letters = page.value.value?.letters ?? [];
  const next = page.value.value?.next ?? '';
  const act = (question: Question, work: () => Promise<Done>, verb: string) =>
    run(question, async () => {
      try {
        const { done, left } = await work();
        return `${count(done)} ${verb}${left > 0n ? `, ${count(left)} cannot be` : ''}.`;
      } finally {
        chosen.value = new Set();
        token.value = '';
        page.reload();
      }
    });
  const which = chosen.value.size > 0 ? [...chosen.value] : 'all';
  const many = which === 'all' ? 'all' : String(which.length);
  return (
    <section aria-label="Dead letters">
      <div class="tools">
        <button type="button" onClick={page.reload} disabled={page.isLoading.value}>
          {page.isLoading.value ? 'Reading…' : 'Read again'}
        </button>
        {mayAct() && (
          <>
            <button
              type="button"
              disabled={doing.value !== '' || letters.length === 0}
              onClick={() => act(replaying(task, many), () => replay(name, which), 'written back')}
            >
              Replay {many}…
            </button>
            <button
              type="button"
              class="danger"
              disabled={doing.value !== '' || letters.length === 0}
              onClick={() => act(purging(task), () => purge(name), 'deleted')}
            >
              Purge all…
            </button>
          </>
        )}
        <span class="grow" />
        {token.value !== '' && (
          <button
            type="button"
            onClick={() => {
              token.value = '';
            }}
          >
            First page
          </button>
        )}
        {next !== '' && (
          <button
            type="button"
            onClick={() => {
              token.value = next;
            }}
          >
            Next page
          </button>
        )}
      </div>
      {page.fault.value && <p class="fault">{page.fault.value}</p>}
      {page.value.value && letters.length === 0 && <p class="nothing">There are none.</p>}
      {letters.length > 0 && (
        <LetterTable
          letters={letters}
          chosen={chosen.value}
          onChoose={(letter, isChosen) => {
            const after = new Set(chosen.value);
            if (isChosen) after.add(letter);
            else after.delete(letter);
            chosen.value = after;
          }}
        />
      )}
    </section>
  );
}

interface LetterTableProps {
  readonly letters: readonly DeadLetter[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (name: string, isChosen: boolean) => void;
}

function LetterTable({ letters, chosen, onChoose }: LetterTableProps) {
  return (
    <table class="plain letters">
      <thead>
        <tr>
          <th />
          <th>When</th>
          <th>Topic</th>
          <th class="number">Partition</th>
          <th class="number">Offset</th>
          <th>Why</th>
          <th class="wide">Value</th>
        </tr>
      </thead>
      <tbody>
        {letters.map((letter) => (
          <DeadLetterRow
            key={letter.name}
            letter={letter}
            isChosen={chosen.has(letter.name)}
            onChoose={onChoose}
          />
        ))}
      </tbody>
    </table>
  );
}

function replaying({ spec }: Task, many: string): Question {
  return {
    title: `Replay ${many} dead letters?`,
    text: (
      <ul>
        <li>
          Each is written back to the partition of <code>{spec?.source?.topic}</code> that it came
          from, as it was.
        </li>
        <li>What was replayed before is left out, so that none is doubled.</li>
        <li>The task reads them again. What still cannot be scored is dead-lettered again.</li>
      </ul>
    ),
    action: 'Replay',
  };
}

function purging({ spec }: Task): Question {
  const topic = spec?.deadLetterTopic || `${spec?.sink?.topic}.dead-letter`;
  return {
    title: 'Purge all dead letters?',
    text: (
      <ul>
        <li>
          All records of <code>{topic}</code> are deleted for good, also those that were never
          replayed.
        </li>
        <li>The counters of the executions stay.</li>
      </ul>
    ),
    action: 'Purge',
    isDanger: true,
  };
}
