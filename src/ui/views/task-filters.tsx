import { type Signal, useComputed } from '@preact/signals';
import { liveTasks } from '../api/live-tasks.js';
import { count } from '../words.js';
import { groups, isIn, type TaskFilter } from './task-order.js';

/** Which tasks to show: words to find, and groups with how many are in each. */
export function TaskFilters({ filter }: { readonly filter: Signal<TaskFilter> }) {
  const sizes = useComputed(() => {
    const tasks = [...liveTasks.value.values()];
    return groups.map((group) => tasks.filter((task) => isIn(group, task)).length);
  });
  return (
    <search class="filters">
      <div class="chips">
        {groups.map((group, index) => (
          <button
            key={group}
            type="button"
            class={`chip chip-${group}`}
            aria-pressed={filter.value.group === group}
            onClick={() => {
              filter.value = { ...filter.value, group };
            }}
          >
            {group} <b>{count(sizes.value[index])}</b>
          </button>
        ))}
      </div>
      <input
        type="search"
        placeholder="Name, topic, model, label, reason…"
        aria-label="Find tasks"
        value={filter.value.text}
        onInput={(event) => {
          filter.value = { ...filter.value, text: event.currentTarget.value };
        }}
      />
    </search>
  );
}
