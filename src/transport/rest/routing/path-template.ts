import { segmentKey } from './path-scanner.js';

/** One segment of a template: a literal, `*` (exactly one segment) or `**` (any number, even none). */
export type TemplateSegment =
  | { readonly type: 'literal'; readonly key: string }
  | { readonly type: 'one' }
  | { readonly type: 'many' };

/** A variable of a template and the template segments that it captures, `start` included. */
export interface TemplateVariable {
  /** Dotted path of the request field it is bound to, as written. */
  readonly fieldPath: string;
  readonly start: number;
  readonly end: number;
  /** Whether its value may contain `/`; such a value keeps `%2F` as written. */
  readonly spansSegments: boolean;
}

/** A parsed path template of `google.api.http`. */
export interface PathTemplate {
  readonly text: string;
  readonly segments: readonly TemplateSegment[];
  /** The verb behind the last `:`, in the form in which it is compared. */
  readonly verb: string | undefined;
  readonly variables: readonly TemplateVariable[];
  /** The template without its names: two templates of one shape match the same paths. */
  readonly shape: string;
}

/**
 * Parses a path template by the grammar of google/api/http.proto. Beyond it, `**` may be followed
 * by further segments (`/files/{path=**}/status`), and `/` alone is the root. Throws an Error that
 * gives the column.
 */
export function parseTemplate(text: string): PathTemplate {
  const cursor: Cursor = { text, at: 0, segments: [], variables: [] };
  expect(cursor, '/');
  if (cursor.at < text.length) {
    parseSegments(cursor, undefined);
  }
  const verb = peek(cursor) === ':' ? parseVerb(cursor) : undefined;
  if (cursor.at < text.length) {
    fail(cursor, `unexpected "${peek(cursor)}"`);
  }
  const { segments, variables } = cursor;
  return { text, segments, verb, variables, shape: shapeOf(segments, verb) };
}

/** Which segments of a path with `pathLength` segments a variable captures, as slice bounds. */
export function captureRange(
  template: PathTemplate,
  variable: TemplateVariable,
  pathLength: number,
): [start: number, end: number] {
  const { start, end } = variable;
  const manyAt = template.segments.findIndex(isMany);
  if (manyAt < 0) {
    return [start, end];
  }
  const shift = pathLength - template.segments.length;
  return [start > manyAt ? start + shift : start, end > manyAt ? end + shift : end];
}

function isMany({ type }: TemplateSegment): boolean {
  return type === 'many';
}

interface Cursor {
  readonly text: string;
  at: number;
  readonly segments: TemplateSegment[];
  readonly variables: TemplateVariable[];
}

const literalPattern = /(?:[A-Za-z0-9\-._~!$&'()+,;=@]|%[0-9A-Fa-f]{2})+/y;
const identPattern = /[A-Za-z_][A-Za-z0-9_]*/y;

function parseSegments(cursor: Cursor, variable: string | undefined): void {
  parseSegment(cursor, variable);
  while (peek(cursor) === '/') {
    cursor.at++;
    parseSegment(cursor, variable);
  }
}

function parseSegment(cursor: Cursor, variable: string | undefined): void {
  const next = peek(cursor);
  if (next === '*') {
    parseWildcard(cursor);
  } else if (next === '{') {
    if (variable !== undefined) {
      fail(cursor, `variable "${variable}" must not contain a variable`);
    }
    parseVariable(cursor);
  } else {
    const literal = take(cursor, literalPattern) ?? fail(cursor, 'expected a segment');
    cursor.segments.push({ type: 'literal', key: literalKey(cursor, literal) });
  }
}

function parseWildcard(cursor: Cursor): void {
  if (!cursor.text.startsWith('**', cursor.at)) {
    cursor.at++;
    cursor.segments.push({ type: 'one' });
    return;
  }
  if (cursor.segments.some((segment) => segment.type === 'many')) {
    fail(cursor, '"**" must not occur twice');
  }
  cursor.at += 2;
  cursor.segments.push({ type: 'many' });
}

function parseVariable(cursor: Cursor): void {
  expect(cursor, '{');
  const fieldPath = parseFieldPath(cursor);
  if (cursor.variables.some((variable) => variable.fieldPath === fieldPath)) {
    fail(cursor, `variable "${fieldPath}" occurs twice`);
  }
  const start = cursor.segments.length;
  if (peek(cursor) === '=') {
    cursor.at++;
    parseSegments(cursor, fieldPath);
  } else {
    cursor.segments.push({ type: 'one' });
  }
  expect(cursor, '}');
  const captured = cursor.segments.slice(start);
  const spansSegments = captured.length > 1 || captured[0]?.type === 'many';
  cursor.variables.push({ fieldPath, start, end: cursor.segments.length, spansSegments });
}

function parseFieldPath(cursor: Cursor): string {
  const names: string[] = [];
  do {
    cursor.at += names.length === 0 ? 0 : 1;
    names.push(take(cursor, identPattern) ?? fail(cursor, 'expected a field name'));
  } while (peek(cursor) === '.');
  return names.join('.');
}

function parseVerb(cursor: Cursor): string {
  expect(cursor, ':');
  const literal = take(cursor, literalPattern) ?? fail(cursor, 'expected a verb');
  return literalKey(cursor, literal);
}

function literalKey(cursor: Cursor, literal: string): string {
  if (literal === '.' || literal === '..') {
    fail(cursor, 'a literal must not be a dot segment');
  }
  try {
    return segmentKey(literal);
  } catch {
    return fail(cursor, `invalid escape in "${literal}"`);
  }
}

function shapeOf(segments: readonly TemplateSegment[], verb: string | undefined): string {
  const marks = { one: '*', many: '**' };
  const path = segments
    .map((part) => (part.type === 'literal' ? escapeMarks(part.key) : marks[part.type]))
    .join('/');
  return `/${path}${verb === undefined ? '' : `:${verb}`}`;
}

/** A literal `*` or `:` can only be written escaped; it stays so, to differ from the syntax. */
function escapeMarks(key: string): string {
  return key.replaceAll('*', '%2A').replaceAll(':', '%3A');
}

function peek(cursor: Cursor): string | undefined {
  return cursor.text[cursor.at];
}

function expect(cursor: Cursor, character: string): void {
  if (peek(cursor) !== character) {
    fail(cursor, `expected "${character}"`);
  }
  cursor.at++;
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text)?.[0];
  cursor.at += match?.length ?? 0;
  return match;
}

function fail(cursor: Cursor, problem: string): never {
  throw new Error(`path template "${cursor.text}", column ${cursor.at + 1}: ${problem}`);
}
