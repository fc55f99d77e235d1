import type { Signal } from '@preact/signals';
import type { Sort, SortKey } from './task-order.js';

interface TaskHeadProps {
  readonly sort: Signal<Sort>;
  readonly isAllChosen: boolean;
  readonly onChooseAll: (all: boolean) => void;
}

/** Of numbers the greatest come first. */
const numbers: readonly SortKey[] = ['rate', 'lag', 'bad', 'restarts', 'uptime'];

/** The head of the list; most columns sort it. */
export function TaskHead({ sort, isAllChosen, onChooseAll }: TaskHeadProps) {
  const column = (key: SortKey, title: string, kind = '') => {
    const { key: by, isDown } = sort.value;
    const order = isDown ? 'descending' : 'ascending';
    return (
      <th class={kind} aria-sort={by === key ? order : 'none'}>
        <button
          type="button"
          onClick={() => {
            sort.value = { key, isDown: by === key ? !isDown : numbers.includes(key) };
          }}
        >
          {title}
        </button>
      </th>
    );
  };
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th class="choose">
          <input
            type="checkbox"
            aria-label="Choose all that are shown"
            checked={isAllChosen}
            onChange={(event) => onChooseAll(event.currentTarget.checked)}
          />
        </th>
        {column('name', 'Task', 'task')}
        {column('state', 'State', 'state-cell')}
        <th class="why">Why</th>
        {column('rate', 'Rate', 'number')}
        {column('lag', 'Lag', 'number')}
        {column('bad', 'Records', 'number')}
        {column('restarts', 'Restarts', 'number')}
        {column('uptime', 'Uptime', 'number')}
        <th class="model">Model</th>
      </tr>
    </thead>
  );
}
