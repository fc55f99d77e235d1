import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runProcess } from '../../support/process.js';
import { answerOf } from './client.js';
import { startSymetry } from './symetry-server.js';

/**
 * A client in shell: openssl encrypts and signs, curl sends. Arguments: verb, base URL, path, query, plaintext body.
 * Prints the HTTP status and then the answer.
 */
const script = `
set -eu
verb=$1 base=$2 path=$3 query=$4 plaintext=$5
secret=AAECAwQFBgcICQoLDA0ODw== cid=c1
keyhex=000102030405060708090a0b0c0d0e0f ivhex=2f3339414b576575879bb1c9e3001e3e
date="$(date -u '+%Y-%m-%d %H:%M:%S');1245"
body= md5=
if [ -n "$plaintext" ]; then
  body=$(printf %s "$plaintext" | openssl enc -aes-128-cbc -K $keyhex -iv $ivhex -base64 -A)
  md5=$(printf %s "$body" | openssl dgst -md5 -binary | openssl base64 -A)
fi
signature=$( {
  printf '%s\\n%s\\n%s\\n%s\\n%s\\n' "$verb" "$md5" "$secret" "$date" "$cid"
  [ -z "$body" ] || printf '%s\\n' "$body"
  printf '%s\\n' "$path"
  [ -z "$query" ] || printf '%s\\n' "$query"
} | openssl dgst -sha256 -mac HMAC -macopt hexkey:$keyhex -binary | openssl base64 -A)
set -- --silent --show-error --request "$verb" --header "sym-date: $date" \\
  --header "Authorization: $signature" --write-out '\\n%{http_code}'
[ -z "$body" ] || set -- "$@" --header "Content-MD5: $md5" --header 'Content-Type: application/json' --data-raw "$body"
exec curl "$@" "$base$path\${query:+?$query}"
`;

async function shellClient(
  test: TestContext,
  args: readonly [verb: string, base: string, path: string, query: string, body: string],
) {
  const { code, stdout, stderr } = await runProcess(test, 'sh', {
    args: ['-c', script, 'client', ...args],
  });
  assert.equal(code, 0, stderr);
  const lines = stdout.split('\n');
  const status = Number(lines.pop());
  return answerOf(status, lines.join('\n'));
}

test('S: a signature and an encrypted body made by openssl are accepted', async (t) => {
  const { url, store } = await startSymetry(t);
  const root = '/symetry/rest/c1/tasks';
  const info = JSON.stringify({
    type: 'kafka',
    name: 'iris-stream',
    params: {
      'sml.kstream.source.topic': 'sml-ks-test',
      'sml.kstream.sink.topic': 'sml-ks-pres-test',
      'sml.kstream.model.b64file': '/datasets/rez/iris',
    },
  });
  const created = await shellClient(t, ['POST', url, `${root}/create`, 'force=true', info]);
  assert.equal(created.status, 202, created.text);
  assert.ok(await store.taskByName('c1', 'iris-stream'));
  const listed = await shellClient(t, ['GET', url, root, '', '']);
  assert.deepEqual(listed.values, { stringList: { values: ['iris-stream'] } });
  const status = await shellClient(t, ['GET', url, `${root}/iris-stream`, '', '']);
  assert.equal(status.status, 200);
  const deleted = await shellClient(t, ['DELETE', url, `${root}/iris-stream`, '', '']);
  assert.equal(deleted.status, 200);
  assert.equal(await store.taskByName('c1', 'iris-stream'), undefined);
});
