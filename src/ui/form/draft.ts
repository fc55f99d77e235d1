/**
 * What was typed into a form: texts and truth values in the shape of the message, by the names of the contract. A map is
 * a list of entries with `key` and `value`, so that a key may be typed letter by letter.
 */
export type Draft = string | boolean | readonly Draft[] | DraftMessage;
export interface DraftMessage {
  readonly [field: string]: Draft | undefined;
}

/** Steps to a place in a draft: names of fields and places in lists. */
export type Path = readonly (string | number)[];

/** The path as the service names it in faults, such as `spec.source.bootstrap_servers[0]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** What is at a place; undefined if nothing is. */
export function at(draft: Draft | undefined, [step, ...rest]: Path): Draft | undefined {
  if (step === undefined || draft === undefined || typeof draft !== 'object') return draft;
  if (typeof step === 'number') return isList(draft) ? at(draft[step], rest) : undefined;
  return isList(draft) ? undefined : at(draft[step], rest);
}

/** The draft with something else at a place. */
export function put(draft: Draft | undefined, path: Path, value: Draft | undefined): Draft {
  const [step, ...rest] = path;
  if (typeof step === 'number') {
    const list = draft !== undefined && typeof draft === 'object' && isList(draft) ? draft : [];
    const next = rest.length === 0 ? value : put(list[step], rest, value);
    if (next === undefined) return list.filter((_, place) => place !== step);
    return list.length > step
      ? list.map((one, place) => (place === step ? next : one))
      : [...list, next];
  }
  const message = asMessage(draft);
  if (step === undefined) return value ?? message;
  return { ...message, [step]: rest.length === 0 ? value : put(message[step], rest, value) };
}

/** A draft as a message; empty if it is anything else. */
export function asMessage(draft: Draft | undefined): DraftMessage {
  return draft !== undefined && typeof draft === 'object' && !isList(draft) ? draft : {};
}

/** A draft as a list; empty if it is anything else. */
export function asList(draft: Draft | undefined): readonly Draft[] {
  return draft !== undefined && typeof draft === 'object' && isList(draft) ? draft : [];
}

/** Whether nothing was typed, or all of it was deleted again. */
export function isBlank(draft: Draft | undefined): boolean {
  if (draft === undefined || typeof draft !== 'object') return !draft;
  return Object.values(draft).every(isBlank);
}

function isList(draft: readonly Draft[] | DraftMessage): draft is readonly Draft[] {
  return Array.isArray(draft);
}
