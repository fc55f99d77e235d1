import { computed, signal } from '@preact/signals';

/** What is shown. */
export type Place =
  | { readonly view: 'tasks' }
  | { readonly view: 'task'; readonly name: string; readonly tab: string }
  | { readonly view: 'new' }
  | { readonly view: 'models' }
  | { readonly view: 'connection' };

const hash = signal(location.hash);
window.addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** The place that the address names. Everything behind `#` stays in the browser, so no route of the API is taken. */
export const place = computed((): Place => placeOf(hash.value));

/** Address of a task's page. */
export function taskHref(name: string, tab = ''): string {
  const [, user = '', , task = ''] = name.split('/');
  const path = `#/tasks/${encodeURIComponent(user)}/${encodeURIComponent(task)}`;
  return tab === '' ? path : `${path}/${tab}`;
}

/** Goes to a place by its address. */
export function go(href: string): void {
  location.hash = href.slice(1);
}

function placeOf(text: string): Place {
  const [, view = '', ...rest] = text.split('/');
  const [user = '', task = '', tab = ''] = rest.map(decoded);
  switch (view) {
    case 'tasks':
      if (task === '') return { view: 'tasks' };
      return { view: 'task', name: `users/${user}/tasks/${task}`, tab };
    case 'new':
      return { view: 'new' };
    case 'models':
      return { view: 'models' };
    case 'connection':
      return { view: 'connection' };
    default:
      return { view: 'tasks' };
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
