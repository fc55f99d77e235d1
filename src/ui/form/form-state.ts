import { type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { at, type Draft, type DraftMessage, type Path, pathText, put } from './draft.js';

/** Something wrong with one field, as the service says it. */
export interface Fault {
  readonly field: string;
  readonly description: string;
}

/** A form that is filled in. */
export interface FormState {
  readonly draft: Signal<DraftMessage>;
  readonly faults: Signal<readonly Fault[]>;
  /** Paths that the user has been at: faults elsewhere are not shown before everything was asked for. */
  readonly touched: Signal<ReadonlySet<string>>;
  /** Everything was asked for. */
  readonly showAll: Signal<boolean>;
  /** Texts to choose from, by the full name of the field. */
  readonly suggestions: Signal<ReadonlyMap<string, readonly string[]>>;
}

/** An empty form. */
export function newForm(): FormState {
  return {
    draft: signal<DraftMessage>({}),
    faults: signal<readonly Fault[]>([]),
    touched: signal<ReadonlySet<string>>(new Set()),
    showAll: signal(false),
    suggestions: signal<ReadonlyMap<string, readonly string[]>>(new Map()),
  };
}

/** Empties a form. */
export function clearForm({ draft, faults, touched, showAll }: FormState): void {
  draft.value = {};
  faults.value = [];
  touched.value = new Set();
  showAll.value = false;
}

/** The form that a field belongs to. */
export const FormContext = createContext<FormState>(newForm());

/** One place of the form: what is there, how it changes, and what is wrong with it. */
export interface Spot {
  readonly value: Draft | undefined;
  /** Of this field itself and of its items. */
  readonly faults: readonly Fault[];
  /** Whether something is wrong at a member, or at the spot itself, or anywhere below. */
  faultsBelow(member?: string): boolean;
  set(value: Draft | undefined): void;
  touch(): void;
}

/** The spot at a path. */
export function useSpot(path: Path): Spot {
  const form = useContext(FormContext);
  const name = pathText(path);
  const shown = form.faults.value.filter(
    ({ field }) => form.showAll.value || form.touched.value.has(bare(field)),
  );
  return {
    value: at(form.draft.value, path),
    faults: shown.filter(({ field }) => bare(field) === name || field === name),
    faultsBelow(member) {
      const below = member === undefined ? name : pathText([...path, member]);
      return shown.some(({ field }) => bare(field) === below || field.startsWith(`${below}.`));
    },
    set(value) {
      const next = put(form.draft.value, path, value);
      form.draft.value = next as DraftMessage;
    },
    touch() {
      if (!form.touched.value.has(name))
        form.touched.value = new Set([...form.touched.value, name]);
    },
  };
}

/** A path without the item of a list or the key of a map at its end. */
function bare(field: string): string {
  return field.replace(/\[(?:\d+|".*")\]$/s, '');
}
