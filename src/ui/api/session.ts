import { signal } from '@preact/signals';

/** Who is signed in, in this tab and until it is closed. */
export interface Session {
  /** Value of the `Authorization` header. */
  readonly authorization: string;
  /** `users/{user}`. */
  readonly user: string;
  readonly role: 'ADMIN' | 'OPERATOR' | 'VIEWER';
}

const key = 'predictd.session';

/** The session of this tab; undefined before the sign-in. */
export const session = signal<Session | undefined>(stored());
/** Why the last session ended, in a sentence. */
export const farewell = signal('');

/** Begins a session; it is kept for this tab only. */
export function signIn(fresh: Session): void {
  sessionStorage.setItem(key, JSON.stringify(fresh));
  farewell.value = '';
  session.value = fresh;
}

/** Ends the session and forgets its credentials. */
export function signOut(why = ''): void {
  sessionStorage.removeItem(key);
  farewell.value = why;
  session.value = undefined;
}

/** Ends a session whose credentials were refused, unless it has ended already. */
export function refuse(mine: Session | undefined): void {
  if (mine && session.value === mine) signOut('Your credentials are not valid any more.');
}

/** Whether the caller may do more than look. */
export function mayAct(): boolean {
  return session.value !== undefined && session.value.role !== 'VIEWER';
}

/** `Basic` credentials; characters beyond Latin-1 go as UTF-8. */
export function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function stored(): Session | undefined {
  try {
    const text = sessionStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
