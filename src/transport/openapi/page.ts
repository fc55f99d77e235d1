import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { escapeHtml, inline, markdownToHtml } from './html.js';
import { pageStyle } from './page-style.js';

/** Where the documentation of an API is found. */
export interface DocumentPlace {
  readonly title: string;
  readonly page: string;
  readonly document: string;
}

/** The page loads nothing and runs nothing: only its own style is let through. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A document for people, as one page without scripts; `all` are the pages to go to from it. */
export function documentPage(
  document: JsonObject,
  here: DocumentPlace,
  all: readonly DocumentPlace[],
): string {
  const info = object(document.info);
  const links = all.map(({ page, title }) => {
    const current = page === here.page ? ' aria-current="page"' : '';
    return `<a href="${page}"${current}>${escapeHtml(title)}</a>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(here.title)}</title>
<style>${pageStyle}</style>
<header>
<nav>${links.join('')}</nav>
<h1>${escapeHtml(here.title)} ${escapeHtml(String(info.version ?? ''))}</h1>
${markdownToHtml(String(info.description ?? ''))}
<p>The same for programs: <a href="${here.document}">OpenAPI 3.1</a>.</p>
${signIns(document)}
</header>
<main>
${list(document.tags)
  .map((tag) => section(tag, document))
  .join('\n')}
<h2 id="types">Types</h2>
${Object.entries(object(object(document.components).schemas))
  .map(typeEntry)
  .join('\n')}
</main>
</html>
`;
}

function signIns(document: JsonObject): string {
  const schemes = object(object(document.components).securitySchemes);
  const rows = Object.entries(schemes).map(([name, value]): [string, string] => {
    const { scheme, in: place, name: parameter, description } = object(value);
    const how = scheme === undefined ? `\`${parameter}\` in the ${place}` : `HTTP ${scheme}`;
    return [escapeHtml(name), `${inline(how)}. ${inline(String(description ?? ''))}`];
  });
  return `<h4>Credentials</h4>${table(rows)}`;
}

function section(tag: JsonValue, document: JsonObject): string {
  const { name, description } = object(tag);
  const operations = Object.entries(object(document.paths)).flatMap(([path, item]) =>
    Object.entries(object(item))
      .map(([verb, operation]) => ({ verb, path, operation: object(operation) }))
      .filter(({ operation }) => list(operation.tags).includes(name ?? null)),
  );
  return `<h2 id="${escapeHtml(String(name))}">${escapeHtml(String(name))}</h2>
${markdownToHtml(String(description ?? ''))}
${operations.map((each) => operationEntry(each, document)).join('\n')}`;
}

interface Operation {
  readonly verb: string;
  readonly path: string;
  readonly operation: JsonObject;
}

function operationEntry({ verb, path, operation }: Operation, document: JsonObject): string {
  const parameters = list(operation.parameters).map((each): [string, string] => {
    const { name, in: place, required, schema, description } = object(each);
    const head = `<code>${escapeHtml(String(name))}</code>${mark(required === true)}`;
    return [head, `${typeText(schema)}, ${place}. ${inline(String(description ?? ''))}`];
  });
  const shared = object(object(document.components).responses);
  const responses = Object.entries(object(operation.responses)).map(([status, value]) => {
    const name = nameIn(object(value).$ref);
    return responseRow(status, object(name === undefined ? value : shared[name]));
  });
  return `<details id="${escapeHtml(String(operation.operationId))}">
<summary><span class="verb ${verb}">${verb.toUpperCase()}</span><code>${escapeHtml(path)}</code>
<span class="about">${inline(String(operation.summary ?? ''))}</span></summary>
<div>${markdownToHtml(String(operation.description ?? ''))}
${parameters.length > 0 ? `<h4>Parameters</h4>${table(parameters)}` : ''}
${body(operation.requestBody)}
<h4>Answers</h4>${table(responses)}</div></details>`;
}

function body(requestBody: JsonValue | undefined): string {
  if (requestBody === undefined) return '';
  return Object.entries(object(object(requestBody).content))
    .map(([mediaType, value]) => {
      const { schema, example } = object(value);
      const fields = propertyRows(object(schema));
      const shown = example === undefined ? '' : JSON.stringify(example, undefined, 2);
      return `<h4>Body, <code>${escapeHtml(mediaType)}</code>: ${typeText(schema)}</h4>
${fields.length > 0 ? table(fields) : ''}${shown === '' ? '' : `<pre>${escapeHtml(shown)}</pre>`}`;
    })
    .join('\n');
}

function responseRow(status: string, { description, content }: JsonObject): [string, string] {
  const types = Object.entries(object(content)).map(
    ([mediaType, value]) =>
      `<code>${escapeHtml(mediaType)}</code> <span class="type">${typeText(object(value).schema)}</span>`,
  );
  return [escapeHtml(status), `<p>${inline(String(description ?? ''))}</p>${types.join(' · ')}`];
}

function typeEntry([name, value]: [string, JsonValue]): string {
  const schema = object(value);
  return `<details id="${anchor(name)}"><summary><code>${escapeHtml(name)}</code></summary>
<div>${markdownToHtml(String(schema.description ?? ''))}${table(propertyRows(schema))}</div></details>`;
}

function propertyRows({ properties, required }: JsonObject): [string, string][] {
  return Object.entries(object(properties)).map(([name, value]) => {
    const { description, readOnly } = object(value);
    const head = `<code>${escapeHtml(name)}</code>${mark(list(required).includes(name))}`;
    const note = readOnly === true ? ', read only' : '';
    return [head, `${typeText(value)}${note}. ${inline(String(description ?? ''))}`];
  });
}

/** What a schema lets through, in a few words. */
function typeText(schema: JsonValue | undefined): string {
  const {
    $ref,
    type,
    items,
    additionalProperties,
    format,
    anyOf,
    enum: values,
    const: only,
  } = object(schema);
  const name = nameIn($ref);
  if (name !== undefined) {
    return `<a href="#${anchor(name)}">${escapeHtml(name)}</a>`;
  }
  if (items !== undefined) return `array of ${typeText(items)}`;
  if (additionalProperties !== undefined) return `map to ${typeText(additionalProperties)}`;
  if (anyOf !== undefined) return list(anyOf).map(typeText).join(' or ');
  if (only !== undefined) return `<code>${escapeHtml(String(only))}</code>`;
  if (values !== undefined)
    return list(values)
      .map((each) => `<code>${escapeHtml(String(each))}</code>`)
      .join(' ');
  const word = Array.isArray(type) ? type.join(' or ') : String(type ?? 'any');
  return escapeHtml(format === undefined ? word : `${word} (${format})`);
}

/** The last part of a reference. */
function nameIn($ref: JsonValue | undefined): string | undefined {
  return typeof $ref === 'string' ? $ref.slice($ref.lastIndexOf('/') + 1) : undefined;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([head, text]) => `<tr><td>${head}</td><td>${text}</td></tr>`);
  return `<table>${lines.join('\n')}</table>`;
}

function mark(required: boolean): string {
  return required ? ' <span class="must">required</span>' : '';
}

function anchor(name: string): string {
  return escapeHtml(`type-${name}`);
}

function object(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
