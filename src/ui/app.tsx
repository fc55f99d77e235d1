import { useEffect, useRef } from 'preact/hooks';
import { link, unwatch, watch } from './api/live-tasks.js';
import { session, signOut } from './api/session.js';
import { AskDialog } from './components/ask.js';
import { LinkBadge, LinkBanner } from './components/link-state.js';
import { NoticeBar } from './components/notice.js';
import { type Place, place } from './router.js';
import { Connection } from './views/connection.js';
import { Models } from './views/models.js';
import { NewTask } from './views/new-task.js';
import { mayForgetDraft } from './views/new-task-draft.js';
import { SignIn } from './views/sign-in.js';
import { TaskList } from './views/task-list.js';
import { TaskPage } from './views/task-page.js';
import { lastPart } from './words.js';

/** The whole page: signed in or not. */
export function App() {
  const mine = session.value;
  useEffect(() => {
    if (!mine) return undefined;
    watch(mine.role === 'ADMIN' ? 'users/-' : mine.user);
    return unwatch;
  }, [mine]);
  const here = place.value;
  useFocusOnArrival(here.view === 'task' ? here.name : here.view);
  if (!mine) return <SignIn />;
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href="#/tasks">
          predictd
        </a>
        <nav aria-label="Main">
          {links.map(([href, view, title]) => (
            <a key={view} href={href} aria-current={isAt(here, view) ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <LinkBadge />
        <span class="who">
          {lastPart(mine.user)} <small>{mine.role.toLowerCase()}</small>
        </span>
        <button type="button" class="quiet" onClick={leave}>
          Sign out
        </button>
      </header>
      <LinkBanner />
      <main id="main" tabIndex={-1} class={link.value.type === 'lost' ? 'stale' : ''}>
        <View place={here} />
      </main>
      <NoticeBar />
      <AskDialog />
    </>
  );
}

const links = [
  ['#/tasks', 'tasks', 'Tasks'],
  ['#/models', 'models', 'Models'],
  ['#/connection', 'connection', 'Connection'],
] as const;

function isAt({ view }: Place, link: Place['view']): boolean {
  return view === link || (link === 'tasks' && (view === 'task' || view === 'new'));
}

/** Whoever went somewhere by the keyboard goes on from there, not from the top. */
function useFocusOnArrival(arrival: string): void {
  const last = useRef(arrival);
  useEffect(() => {
    if (last.current !== arrival) document.getElementById('main')?.focus();
    last.current = arrival;
  }, [arrival]);
}

async function leave(): Promise<void> {
  if (await mayForgetDraft()) signOut();
}

/** No link, since what is behind `#` names the view. */
function skip(): void {
  document.getElementById('main')?.focus();
}

function View({ place: here }: { readonly place: Place }) {
  switch (here.view) {
    case 'tasks':
      return <TaskList />;
    case 'task':
      return <TaskPage name={here.name} tab={here.tab} />;
    case 'new':
      return <NewTask />;
    case 'models':
      return <Models />;
    case 'connection':
      return <Connection />;
  }
}
