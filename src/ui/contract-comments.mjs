import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^package ([\w.]+);/;
const BLOCK = /^(message|enum|oneof) (\w+) \{(\})?/;
const FIELD = /^(?:(?:repeated|optional) )?(?:map<[^>]+>|[\w.]+) (\w+) = \d+/;
const VALUE = /^(\w+) = \d+/;

/**
 * What stands before each field and value in the protos of a folder, by full name: `predictd.v1.Source.topic`,
 * `predictd.v1.Until.UNTIL_END`. It relies on the form that `buf format` gives them.
 */
export function commentsOf(folder) {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return Object.fromEntries(files.flatMap(commentsIn));
}

function commentsIn(text) {
  const found = [];
  let scope = [];
  let comment = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line.startsWith('// ')) {
      comment.push(line.slice(3));
      continue;
    }
    const [, , block] = BLOCK.exec(line) ?? [];
    const name = block ?? FIELD.exec(line)?.[1] ?? VALUE.exec(line)?.[1];
    if (name !== undefined && comment.length > 0) {
      found.push([[...scope, name].filter(Boolean).join('.'), comment.join(' ')]);
    }
    comment = [];
    scope = scopeAfter(line, scope);
  }
  return found;
}

/** Blocks that names do not count, such as a oneof, stand in the scope with an empty name. */
function scopeAfter(line, scope) {
  const [, packageName] = PACKAGE.exec(line) ?? [];
  if (packageName !== undefined) return [packageName];
  if (line.startsWith('}')) return scope.slice(0, -1);
  if (!line.endsWith('{')) return scope;
  const [, kind, name] = BLOCK.exec(line) ?? [];
  return [...scope, kind === undefined || kind === 'oneof' ? '' : name];
}
