import { basicHeader } from './basic-header.js';
import { mask } from './mask-secrets.js';
import { mapSecrets } from './spec-secrets.js';
import type { TaskSpec } from './task.js';

/** A word as short as a secret of so few characters may stand in a text by chance: it is masked only where it stands alone. */
const shortChars = 6;
/** Lines of a key that are shorter say nothing. */
const keyLineChars = 16;

/** Makes a function that masks the spec's secrets wherever they stand in a text. */
export function createRedactor(spec: TaskSpec): (text: string) => string {
  const patterns = [...new Set(secretsOf(spec).flatMap(formsOf))]
    .sort((a, b) => b.length - a.length)
    .map(patternOf);
  if (patterns.length === 0) return (text) => text;
  const any = new RegExp(patterns.join('|'), 'g');
  return (text) => text.replaceAll(any, mask);
}

function secretsOf(spec: TaskSpec): string[] {
  const secrets = [...basicHeaders(spec)];
  mapSecrets(spec, (secret, field) => {
    secrets.push(...(field === 'tls.key' ? keyLines(secret) : [secret]));
    return secret;
  });
  return secrets;
}

/** A key is printed line by line, if at all. */
function keyLines(key: string): string[] {
  const lines = key.split(/\r?\n/);
  return lines.filter((line) => line.length >= keyLineChars && !line.startsWith('-----'));
}

/** A password also stands in what is sent of it, together with its user. */
function basicHeaders({ source, predictor }: TaskSpec): string[] {
  const basic = predictor.type === 'oip' ? predictor.basic : undefined;
  return [source.schemaRegistryAuth, basic].flatMap((it) => (it ? [basicHeader(it)] : []));
}

/** Also as they stand in JSON, in a URL and in Base64. */
function formsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(Buffer.from(secret).toString()),
    Buffer.from(secret).toString('base64'),
  ];
}

function patternOf(secret: string): string {
  const literal = secret.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return secret.length < shortChars ? `(?<!\\w)${literal}(?!\\w)` : literal;
}
