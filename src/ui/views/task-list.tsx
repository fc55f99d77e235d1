import { useComputed, useSignal } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { isComplete, liveTasks } from '../api/live-tasks.js';
import { mayAct, session } from '../api/session.js';
import { useWindow } from '../components/use-window.js';
import { BatchBar } from './batch-bar.js';
import { TaskFilters } from './task-filters.js';
import { TaskHead } from './task-head.js';
import { arrange, type Sort, type TaskFilter } from './task-order.js';
import { TaskRow } from './task-row.js';

/** As in the style sheet. */
const rowHeight = 48;
const columns = 10;

/** All tasks, live: one line each, trouble first. */
export function TaskList() {
  const filter = useSignal<TaskFilter>({ text: '', group: 'all' });
  const sort = useSignal<Sort>({ key: 'state', isDown: false });
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const shown = useComputed(() => arrange(liveTasks.value.values(), filter.value, sort.value));
  const scroller = useRef<HTMLDivElement>(null);
  const { from, to } = useWindow(scroller, shown.value.length, rowHeight);
  const choose = useCallback((name: string, isChosen: boolean) => {
    const next = new Set(chosen.value);
    if (isChosen) next.add(name);
    else next.delete(name);
    chosen.value = next;
  }, []);
  useEffect(() => {
    document.title = 'Tasks · predictd';
  }, []);
  const rows = shown.value;
  const here = rows.filter(({ name }) => chosen.value.has(name)).map(({ name }) => name);
  return (
    <section class="list" aria-labelledby="tasks-title">
      <div class="bar">
        <h1 id="tasks-title">Tasks</h1>
        <TaskFilters filter={filter} />
        {mayAct() && (
          <a class="button primary" href="#/new">
            New task
          </a>
        )}
      </div>
      {here.length > 0 && (
        <BatchBar
          names={here}
          onDone={() => {
            chosen.value = new Set();
          }}
        />
      )}
      <div class="scroller" ref={scroller}>
        <table class="tasks" aria-rowcount={rows.length + 1}>
          <TaskHead
            sort={sort}
            isAllChosen={rows.length > 0 && here.length === rows.length}
            onChooseAll={(all) => {
              chosen.value = new Set(all ? rows.map(({ name }) => name) : []);
            }}
          />
          <tbody>
            <Gap rows={from} />
            {rows.slice(from, to).map((task, place) => (
              <TaskRow
                key={task.name}
                task={task}
                index={from + place + 1}
                isChosen={chosen.value.has(task.name)}
                showOwner={session.value?.role === 'ADMIN'}
                onChoose={choose}
              />
            ))}
            <Gap rows={rows.length - to} />
          </tbody>
        </table>
        {rows.length === 0 && <Nothing isFiltered={liveTasks.value.size > 0} />}
      </div>
    </section>
  );
}

/** The place of rows that are not seen. */
function Gap({ rows }: { readonly rows: number }) {
  if (rows <= 0) return null;
  return (
    <tr style={{ height: `${rows * rowHeight}px` }}>
      <td colSpan={columns} />
    </tr>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <p class="nothing">No task fits the filter.</p>;
  if (!isComplete.value) return <p class="nothing">Loading…</p>;
  return (
    <p class="nothing">
      There is no task yet. {mayAct() && <a href="#/new">Create the first one.</a>}
    </p>
  );
}
